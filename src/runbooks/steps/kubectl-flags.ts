import type { Template } from '../parameter.ts';
import type { Subject, UsageShape } from '../plan.ts';
import { type Flags, flagTable, lastOf, textOf } from './flags.ts';
import type { Settings } from './settings.ts';
import { cutAt, literal, literalOf } from './template.ts';
import type { Word } from './words.ts';

/** Flags that say which cluster and as whom: that is decided elsewhere. */
const connection = {
  context: '--context',
  kubeconfig: '--kubeconfig',
  cluster: '--cluster',
  user: '--user',
  server: '--server -s',
  token: '--token',
  as: '--as --as-group --as-uid',
  requestTimeout: '--request-timeout',
  cacert: '--certificate-authority --client-certificate --client-key --tls-server-name',
  verbosity: '-v --v --loglevel',
};

const place = { namespace: '-n --namespace', selector: '-l --selector' };
const everywhere = { allNamespaces: '-A --all-namespaces', insecure: '--insecure-skip-tls-verify' };

/** Enough to find the verb. */
export const beforeVerb = flagTable({ ...connection, ...place }, everywhere);

const output = { output: '-o --output', template: '--template', sortBy: '--sort-by' };

export const tables = {
  get: flagTable(
    {
      ...connection,
      ...place,
      ...output,
      fieldSelector: '--field-selector',
      columns: '-L --label-columns',
      chunk: '--chunk-size',
      raw: '--raw',
      file: '-f --filename -k --kustomize',
      subresource: '--subresource',
      types: '--types',
      forObject: '--for',
      apiVersion: '--api-version --api-group',
      revision: '--revision',
      timeout: '--timeout',
    },
    {
      ...everywhere,
      watch: '-w --watch --watch-only',
      containers: '--containers',
      plain:
        '--no-headers --show-labels --show-kind --show-managed-fields --ignore-not-found --recursive --show-events --sum --use-protocol-buffers --server-print --output-watch-events --namespaced --cached --client --short --list --no-trunc --show-capacity',
    },
  ),
  logs: flagTable(
    {
      ...connection,
      ...place,
      container: '-c --container',
      since: '--since',
      sinceTime: '--since-time',
      tail: '--tail',
      limit: '--limit-bytes',
      requests: '--max-log-requests --pod-running-timeout',
    },
    {
      ...everywhere,
      follow: '-f --follow',
      previous: '-p --previous',
      all: '--all-containers --all-pods',
      plain: '--timestamps --prefix --ignore-errors --insecure-skip-tls-verify-backend',
    },
  ),
  exec: flagTable(
    {
      ...connection,
      ...place,
      container: '-c --container',
      file: '-f --filename',
      timeout: '--pod-running-timeout --timeout',
      shell: '--shell',
    },
    { ...everywhere, plain: '-i -t -T --stdin --tty -q --quiet' },
  ),
  debug: flagTable(
    {
      ...connection,
      ...place,
      container: '-c --container',
      image: '--image',
      target: '--target',
      profile: '--profile --custom --image-pull-policy --to-namespace --env --copy-to --set-image',
    },
    {
      ...everywhere,
      plain:
        '-i -t -T --stdin --tty -q --quiet --attach --share-processes --same-node --replace --arguments-only --as-root --preserve-pod',
    },
  ),
  wait: flagTable(
    { ...connection, ...place, for: '--for', timeout: '--timeout', ...output },
    { ...everywhere, plain: '--all --recursive --local' },
  ),
} as const;

/** `deploy/foo` is a kind and a name. */
const slashed = (word: Word): readonly [string, Template] | null => {
  const cut = cutAt(word.value, '/');
  const kind = cut === null ? null : literalOf(cut[0]);
  return cut === null || kind === null || cut[1].length === 0 ? null : [kind, cut[1]];
};

/** Objects that positionals are about; `resource` where they are names only. Null: cannot be read. */
export const subjectOf = (
  flags: Flags,
  words: readonly Word[],
  settings: Settings,
  resource = '',
): Subject | null => {
  const given = lastOf(flags, 'namespace');
  const where = {
    namespace: given ?? (settings.namespace === '' ? null : literal(settings.namespace)),
    allNamespaces: flags.set.has('allNamespaces'),
    selector: lastOf(flags, 'selector'),
  };
  const [first, ...rest] = words;
  if (first === undefined) return { resource: resource || 'all', names: [], ...where };
  const pairs = words.map(slashed);
  if (pairs.every((p) => p !== null)) {
    const kinds = new Set(pairs.map(([kind]) => kind));
    if (kinds.size !== 1) return null;
    return { resource: pairs[0]?.[0] ?? '', names: pairs.map(([, name]) => name), ...where };
  }
  if (pairs.some((p) => p !== null)) return null;
  if (resource !== '') return { resource, names: words.map((w) => w.value), ...where };
  if (first.text === null || !/^[A-Za-z][A-Za-z0-9.,-]*$/.test(first.text)) return null;
  return { resource: first.text, names: rest.map((w) => w.value), ...where };
};

/** How what is asked for is shown. */
export const outputOf = (flags: Flags): string => textOf(flags, 'output').slice(0, 500);

/** How what is used is shown. */
export const usageShapeOf = (flags: Flags): UsageShape => ({
  by: textOf(flags, 'sortBy') === 'memory' ? 'memory' : 'cpu',
  containers: flags.set.has('containers'),
});

/** The resource of secrets, however it is spelled. */
export const namesSecrets = (resource: string): boolean =>
  resource.split(',').some((r) => /^secrets?(?:\.|$|\/)/i.test(r));
