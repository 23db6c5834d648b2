import type { Intent } from '../kernel/act.ts';
import type { EffectReads } from '../kernel/effect-ports.ts';
import { ok, type Result } from '../kernel/failure.ts';
import { resourcePath } from '../kernel/kind.ts';
import { kindByResource } from '../probes/index.ts';
import { distinct, type LogScope, matchedPods, type NamedPod, wrongLogs } from './log-match.ts';
import { equalities, scopeOf, selectedPods, soughtLogs } from './log-scope.ts';
import { asList, asRecord, asText, type Json, readJson } from './read-json.ts';

const containersIn = (spec: Json): readonly string[] =>
  ['initContainers', 'containers', 'ephemeralContainers'].flatMap((list) =>
    asList(spec[list]).map((c) => asText(asRecord(c).name)),
  );

const selectorText = (selector: Json): Result<string> => {
  const terms = asList(selector.matchExpressions).map((e) => {
    const { key, operator, values } = asRecord(e);
    const list = asList(values).map(asText).join(',');
    switch (operator) {
      case 'In':
        return `${asText(key)} in (${list})`;
      case 'NotIn':
        return `${asText(key)} notin (${list})`;
      case 'Exists':
        return asText(key);
      case 'DoesNotExist':
        return `!${asText(key)}`;
      default:
        return null;
    }
  });
  if (terms.includes(null)) return wrongLogs('its selector is not understood', 'give one with -l');
  const labels = equalities(asRecord(selector.matchLabels));
  return ok([...(labels === '' ? [] : [labels]), ...terms].join(','));
};

const page = 250;
/** Of a namespace whose pods are looked through by name. */
const pagesMost = 20;

const namedPod = (item: unknown): NamedPod => {
  const { metadata, spec } = asRecord(item);
  return { name: asText(asRecord(metadata).name), containers: containersIn(asRecord(spec)) };
};

const listPods = async (
  namespace: string,
  selector: string,
  reads: Pick<EffectReads, 'kubernetes'>,
  signal: AbortSignal,
): Promise<Result<readonly NamedPod[]>> => {
  const found: NamedPod[] = [];
  let next = '';
  for (let n = 0; n < pagesMost; n += 1) {
    const query = new URLSearchParams({ limit: String(page) });
    if (selector !== '') query.set('labelSelector', selector);
    if (next !== '') query.set('continue', next);
    const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods?${query}`;
    const list = await readJson(reads, path, signal);
    if (!list.ok) return list;
    found.push(...asList(list.value.items).map(namedPod));
    next = asText(asRecord(list.value.metadata).continue);
    if (next === '') return ok(found);
  }
  return wrongLogs('there are too many pods to look through by name', 'give a selector with -l');
};

/** From the server, to the letter: labels and names as they are now. */
export const scopeOnServer = async (
  { subject, args }: Intent,
  reads: Pick<EffectReads, 'kubernetes'>,
  signal: AbortSignal,
): Promise<Result<LogScope>> => {
  const wanted = soughtLogs(args, subject);
  if (!wanted.ok) return wanted;
  const { resource, namespace, name } = wanted.value;
  /** Names of containers are only needed to be compared with. */
  const seeks = (args.container ?? '') !== '';
  if (args.match) {
    const all = await listPods(namespace, '', reads, signal);
    return all.ok ? matchedPods(args.match, all.value, namespace) : all;
  }
  if (args.selector) {
    const scope = selectedPods(args.selector);
    return scope.ok && seeks ? withContainers(scope.value, namespace, reads, signal) : scope;
  }
  const ref = kindByResource.get(resource)?.ref;
  if (ref === undefined) return wrongLogs(`${resource} have no logs`);
  const read = await readJson(reads, resourcePath(ref, namespace, name), signal);
  if (!read.ok) return read;
  const spec = asRecord(read.value.spec);
  if (resource === 'pods') {
    const containers = containersIn(spec);
    return ok({ pods: { kind: 'named', names: [name] }, containers, words: `pod ${name}` });
  }
  if (resource === 'services') {
    const scope = scopeOf(wanted.value, ref, equalities(asRecord(spec.selector)), null);
    return scope.ok && seeks ? withContainers(scope.value, namespace, reads, signal) : scope;
  }
  const selector = selectorText(asRecord(spec.selector));
  if (!selector.ok) return selector;
  const template = asRecord(asRecord(asRecord(spec.template).spec));
  return scopeOf(wanted.value, ref, selector.value, containersIn(template));
};

/** The pods behind a selector by their names, as they are now. */
export const scopeByNames = async (
  scope: LogScope,
  namespace: string,
  reads: Pick<EffectReads, 'kubernetes'>,
  signal: AbortSignal,
): Promise<Result<LogScope>> => {
  if (scope.pods.kind !== 'selected') return ok(scope);
  const all = await listPods(namespace, scope.pods.selector, reads, signal);
  if (!all.ok) return all;
  const names = all.value.map((p) => p.name).sort();
  return names.length === 0
    ? wrongLogs(`there are no ${scope.words} now`, 'name those that there were')
    : ok({ ...scope, pods: { kind: 'named', names } });
};

const withContainers = async (
  scope: LogScope,
  namespace: string,
  reads: Pick<EffectReads, 'kubernetes'>,
  signal: AbortSignal,
): Promise<Result<LogScope>> => {
  if (scope.pods.kind !== 'selected') return ok(scope);
  const all = await listPods(namespace, scope.pods.selector, reads, signal);
  if (!all.ok) return all;
  return ok({ ...scope, containers: distinct(all.value.flatMap((p) => p.containers)) });
};
