import type { EffectRequest } from '../../kernel/act.ts';
import type { AttachedTerminal } from '../../kernel/effect-ports.ts';
import { failed, failure, type Result } from '../../kernel/failure.ts';
import { type UpgradeOptions, upgradeToWebSocket } from '../kubernetes/websocket-upgrade.ts';
import { type AttachEnd, attachedSession } from './attached-session.ts';

type AttachRequest = Extract<EffectRequest, { kind: 'attach' }>;

export interface AttachOptions extends UpgradeOptions {
  /** Why a terminal must not be joined, or null; asked with path and query before anything is dialled. */
  readonly forbidden: (path: string) => string | null;
}

const op = 'attach';
/** The fifth can close one side of the stream; the fourth is what servers before 1.30 speak. */
const protocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];

const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const subdomain = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/;

/** Path and query, every part checked; there is no way to name a command in them. */
export const attachPath = ({
  namespace,
  pod,
  container,
  tty,
}: AttachRequest): Result<{ readonly path: string; readonly query: string }> => {
  const wrong = (what: string) => failed(failure('misconfigured', op, what));
  if (!label.test(namespace)) return wrong('this is no name of a namespace');
  if (!subdomain.test(pod) || pod.includes('..')) return wrong('this is no name of a pod');
  if (!label.test(container)) return wrong('this is no name of a container');
  const query = [
    `container=${container}`,
    'stdin=true',
    'stdout=true',
    // A terminal has one stream for both.
    `stderr=${!tty}`,
    `tty=${tty}`,
  ].join('&');
  return { ok: true, value: { path: `/api/v1/namespaces/${namespace}/pods/${pod}/attach`, query } };
};

/**
 * Joins a person's terminal to the process of a container. RBAC: `get` and, from 1.35 on, `create` of `pods/attach`.
 * Leaving drops the connection: the process over there goes on.
 */
export const attach =
  (options: AttachOptions) =>
  async (
    request: AttachRequest,
    terminal: AttachedTerminal,
    signal: AbortSignal,
  ): Promise<Result<AttachEnd>> => {
    const where = attachPath(request);
    if (!where.ok) return where;
    const { path, query } = where.value;
    const refusal = options.forbidden(`${path}?${query}`);
    if (refusal !== null) return failed(failure('forbidden', op, refusal, { on: path }));
    const opened = await upgradeToWebSocket(options, { op, path, query, protocols }, signal);
    if (!opened.ok) return opened;
    return await attachedSession(opened.value, request.tty, path, terminal, signal);
  };
