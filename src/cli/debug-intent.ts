import type { ActArgs, Intent } from '../kernel/act.ts';
import { failed, failure, ok, type Result } from '../kernel/failure.ts';

export interface DebugFlags {
  readonly namespace?: string;
  readonly target?: string;
  readonly profile?: string;
  readonly image?: string;
  readonly reason?: string;
  /** `--no-reuse` */
  readonly reuse?: boolean;
}

const given = (args: Readonly<Record<string, string | undefined>>): ActArgs =>
  Object.fromEntries(
    Object.entries(args).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );

/** What `midwatch debug TARGET` asks for: `pod`, `pod/name`, or `node/name`. */
export const debugIntent = (
  target: string,
  flags: DebugFlags,
  namespace: string,
): Result<Intent> => {
  const [, kind = 'pod', name = ''] = /^(?:([^/]*)\/)?([^/]+)$/.exec(target) ?? [];
  const isNode = /^(?:nodes?|no)$/.test(kind);
  if (name === '' || (!isNode && !/^(?:pods?|po)$/.test(kind))) {
    return failed(
      failure('misconfigured', 'debug', `${target} is no pod and no node`, {
        hint: 'write a pod as NAME or pod/NAME, a node as node/NAME',
      }),
    );
  }
  const { profile, image, reason } = flags;
  if (isNode) {
    if (flags.target !== undefined) {
      return failed(failure('misconfigured', 'debug', 'a node has no containers to join'));
    }
    const subject = { kind: 'object', resource: 'nodes', namespace: '', name, uid: null } as const;
    const args = given({ profile, image, reason, namespace: flags.namespace });
    return ok({ action: 'debug-node', subject, args, origin: 'command' });
  }
  const subject = { kind: 'object', resource: 'pods', namespace, name, uid: null } as const;
  const reuse = flags.reuse === false ? 'no' : undefined;
  const args = given({ profile, image, reason, target: flags.target, reuse });
  return ok({ action: 'debug', subject, args, origin: 'command' });
};
