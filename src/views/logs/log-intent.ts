import type { ActArgs, Intent } from '../../kernel/act.ts';
import { failed, failure, ok, type Result } from '../../kernel/failure.ts';
import { closest } from '../../kernel/spelling.ts';

const kinds: Readonly<Record<string, readonly string[]>> = {
  pods: ['po', 'pod', 'pods'],
  deployments: ['deploy', 'deployment', 'deployments'],
  statefulsets: ['sts', 'statefulset', 'statefulsets'],
  daemonsets: ['ds', 'daemonset', 'daemonsets'],
  replicasets: ['rs', 'replicaset', 'replicasets'],
  jobs: ['job', 'jobs'],
  services: ['svc', 'service', 'services'],
};

/** What may stand behind a target: `since=15m container=main`. */
const names = [
  'since',
  'sinceTime',
  'newest',
  'tail',
  'container',
  'for',
  'previous',
  'follow',
  'selector',
  'loki',
  'grep',
];

const wrong = (message: string, hint: string): Result<never> =>
  failed(failure('misconfigured', 'logs', message, { hint }));

/** `deploy/x since=15m`, `-l app=x`, `gateway-.* previous=yes`, `payments/svc/x`: a target and how much of it. */
export const typedIntent = (text: string, namespace: string): Result<Intent> => {
  const args: Record<string, string> = {};
  const targets: string[] = [];
  let selector = false;
  for (const word of text.trim().split(/\s+/)) {
    const [, name, value] = /^([A-Za-z]+)=(.*)$/.exec(word) ?? [];
    if (selector) {
      args.selector = word;
      selector = false;
    } else if (word === '-l') selector = true;
    else if (name !== undefined && value !== undefined) {
      const known = names.find((n) => n.toLowerCase() === name.toLowerCase());
      if (known === undefined)
        return wrong(
          `logs take no ${name}`,
          `${closest(name, names) ?? 'since'}=… is one that they take`,
        );
      args[known] = value;
    } else targets.push(word);
  }
  if (targets.length > 1)
    return wrong('logs are of one target', 'e.g. :logs deploy/gateway since=15m');
  const place = placeOf(targets[0] ?? '', namespace);
  if (!place.ok) return place;
  const { resource, name, match, within } = place.value;
  const all: ActArgs = { follow: 'yes', ...args, ...(match === '' ? {} : { match }) };
  return ok({
    action: 'logs',
    subject: { kind: 'object', resource, namespace: within, name, uid: null },
    args: all.previous === undefined ? all : without(all, 'follow'),
    origin: 'screen',
  });
};

export const without = (args: ActArgs, ...gone: readonly string[]): ActArgs =>
  Object.fromEntries(Object.entries(args).filter(([name]) => !gone.includes(name)));

interface Meant {
  readonly resource: string;
  readonly name: string;
  readonly match: string;
  readonly within: string;
}

const placeOf = (target: string, namespace: string): Result<Meant> => {
  const parts = target.split('/');
  const [kind = '', name = ''] = parts.slice(-2);
  if (parts.length > 3)
    return wrong('this is no target', 'e.g. deploy/gateway, or payments/deploy/gateway');
  if (parts.length === 1)
    return ok({ resource: 'pods', name: '', match: target, within: namespace });
  const resource = Object.keys(kinds).find((r) => kinds[r]?.includes(kind.toLowerCase()));
  if (resource !== undefined)
    return ok({
      resource,
      name,
      match: '',
      within: parts.length === 3 ? (parts[0] ?? '') : namespace,
    });
  const near = closest(kind, Object.values(kinds).flat());
  return wrong(
    `there are no logs of ${kind}`,
    near === null
      ? 'e.g. deploy/gateway, sts/etcd or svc/gateway'
      : `did you mean ${near}/${name}?`,
  );
};
