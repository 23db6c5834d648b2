import { firstLoki } from '../actions/logs.ts';
import type { ActArgs, Intent } from '../kernel/act.ts';
import { failed, failure, ok, type Result } from '../kernel/failure.ts';
import { closest } from '../kernel/spelling.ts';

export interface LogsFlags {
  readonly since?: string;
  readonly sinceTime?: string;
  readonly newest?: string;
  readonly tail?: string;
  readonly limitBytes?: string;
  readonly streams?: string;
  readonly grep?: string;
  readonly exclude?: string;
  readonly container?: string;
  readonly previous?: boolean;
  readonly follow?: boolean;
  readonly for?: string;
  readonly loki?: string | boolean;
  readonly timestamps?: boolean;
  readonly allNamespaces?: boolean;
  readonly namespace?: string;
  readonly selector?: string;
  readonly json?: boolean;
  readonly reason?: string;
  readonly yes?: boolean;
}

const kinds: Readonly<Record<string, readonly string[]>> = {
  pods: ['po', 'pod', 'pods'],
  deployments: ['deploy', 'deployment', 'deployments'],
  statefulsets: ['sts', 'statefulset', 'statefulsets'],
  daemonsets: ['ds', 'daemonset', 'daemonsets'],
  replicasets: ['rs', 'replicaset', 'replicasets'],
  jobs: ['job', 'jobs'],
  services: ['svc', 'service', 'services'],
};

const wrong = (message: string, hint: string): Result<never> =>
  failed(failure('misconfigured', 'logs', message, { hint }));

interface Place {
  readonly resource: string;
  readonly name: string;
  /** Name of a pod or a regular expression for some. */
  readonly match: string;
}

const placeOf = (target: string): Result<Place> => {
  const slash = target.indexOf('/');
  if (slash === -1) return ok({ resource: 'pods', name: '', match: target });
  const [word, name] = [target.slice(0, slash).toLowerCase(), target.slice(slash + 1)];
  const resource = Object.keys(kinds).find((r) => kinds[r]?.includes(word));
  if (resource === undefined) {
    const near = closest(word, Object.values(kinds).flat());
    const hint =
      near === null
        ? 'e.g. deploy/gateway, sts/etcd or svc/gateway'
        : `did you mean ${near}/${name}?`;
    return wrong(`there are no logs of ${word}`, hint);
  }
  return /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/.test(name)
    ? ok({ resource, name, match: '' })
    : wrong(`${word}/ is followed by a name`, 'a pattern stands alone, without a kind');
};

const given = (args: Readonly<Record<string, string | undefined>>): ActArgs =>
  Object.fromEntries(
    Object.entries(args).flatMap(([name, value]) =>
      value === undefined || value === '' ? [] : [[name, value]],
    ),
  );

/** What a command line asks for, as a wish. `namespace` is that of the context where none is given. */
export const logsIntent = (
  target: string | undefined,
  flags: LogsFlags,
  namespace: string,
): Result<Intent> => {
  if (flags.allNamespaces === true) {
    return wrong(
      'logs of all namespaces at once are not read: every one of them is a connection through the API server to a node',
      'name a namespace with -n, or ask the place that your logs are collected in',
    );
  }
  if ((target === undefined) === (flags.selector === undefined)) {
    return wrong(
      'give a target or a selector',
      'e.g. midwatch logs deploy/gateway, or -l app=gateway',
    );
  }
  const place = placeOf(target ?? '');
  if (!place.ok) return place;
  const { resource, name, match } = place.value;
  return ok({
    action: 'logs',
    subject: { kind: 'object', resource, namespace: flags.namespace ?? namespace, name, uid: null },
    args: given({
      match,
      selector: flags.selector,
      since: flags.since,
      sinceTime: flags.sinceTime,
      newest: flags.newest,
      tail: flags.tail,
      limitBytes: flags.limitBytes,
      streams: flags.streams,
      container: flags.container,
      for: flags.for,
      previous: flags.previous === true ? 'true' : '',
      follow: flags.follow === true ? 'true' : '',
      ...(flags.loki === undefined || flags.loki === false
        ? {}
        : { loki: flags.loki === true ? firstLoki : flags.loki, grep: flags.grep }),
    }),
    origin: 'command',
  });
};
