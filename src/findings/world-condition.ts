import { absurd } from '../kernel/absurd.ts';
import { probeId } from '../kernel/fact.ts';
import type { EpochMs } from '../kernel/units.ts';
import { sliceOf, type World } from '../kernel/world.ts';
import { type Condition, conditionOf } from '../probes/condition.ts';
import { kindByResource, objectProbes } from '../probes/index.ts';
import { link } from '../probes/link.ts';
import { oneLine } from '../probes/one-line.ts';
import type { StreamSource } from './alert-stream.ts';
import type { Health } from './finding.ts';
import { health } from './health.ts';
import { cutOff, trustOf } from './trust.ts';

/** Something about the world that one waits for. */
export type WorldCondition =
  /** An alert is over: by its fingerprint, or where that is '' every one of the name. */
  | { readonly kind: 'resolved'; readonly fingerprint: string; readonly name: string }
  /** A finding is not there any more, by its key. */
  | { readonly kind: 'healed'; readonly finding: string }
  /** An object has a condition; `ready` of pods and workloads counts their replicas too. Case does not matter. */
  | {
      readonly kind: 'object';
      /** `pods` */
      readonly resource: string;
      /** '' for what is in no namespace. */
      readonly namespace: string;
      readonly name: string;
      readonly condition: string;
      readonly status: boolean;
    }
  | {
      readonly kind: 'gone';
      readonly resource: string;
      readonly namespace: string;
      readonly name: string;
    }
  /** An etcd cluster, or each of them where the name is '', has a quorum that takes part. */
  | { readonly kind: 'quorum'; readonly cluster: string };

/** `unknown`: the evidence is missing or old; what is not seen is never taken for well. */
export interface Holding {
  readonly kind: 'holds' | 'not' | 'unknown';
  readonly why: string;
}

const holding = (kind: Holding['kind'], why: string): Holding => ({ kind, why });

/** What a slim object may have, whatever its kind. */
interface AnyObject {
  readonly conditions?: readonly Condition[];
  readonly desired?: number;
  readonly ready?: number;
  readonly updated?: number;
  readonly available?: number;
  readonly generation?: number;
  readonly observed?: number;
  readonly total?: number;
  readonly phase?: string;
}

type Asked = Extract<WorldCondition, { kind: 'object' | 'gone' }>;

type Found =
  | { readonly kind: 'there'; readonly object: AnyObject }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unknown'; readonly why: string };

const find = (world: World, { resource, namespace, name }: Asked, now: EpochMs): Found => {
  const probe = objectProbes.find(({ id }) => id === probeId(resource));
  const kind = kindByResource.get(resource);
  if (probe === undefined || kind === undefined) {
    return { kind: 'unknown', why: `${oneLine(resource)} are not watched` };
  }
  const trust = cutOff(trustOf(world, probe, now), sliceOf(world, link).state);
  if (trust.kind !== 'fresh') return { kind: 'unknown', why: `${resource}: ${trust.why}` };
  const key = kind.ref.namespaced ? `${namespace}/${name}` : name;
  const all = sliceOf(world, probe).state as ReadonlyMap<string, AnyObject>;
  const object = all.get(key);
  return object === undefined ? { kind: 'absent' } : { kind: 'there', object };
};

const replicas = (o: AnyObject, have: number, what: string): Holding => {
  const want = o.desired ?? 0;
  if ((o.observed ?? 0) < (o.generation ?? 0))
    return holding('not', 'its controller has not looked yet');
  if ((o.updated ?? 0) < want) return holding('not', `${o.updated ?? 0} of ${want} are updated`);
  return holding(have >= want ? 'holds' : 'not', `${have} of ${want} are ${what}`);
};

const podReady = (o: AnyObject): Holding => {
  const { ready = 0, total = 0, phase = '' } = o;
  const refused = conditionOf({ conditions: o.conditions ?? [] }, 'Ready')?.status === 'False';
  const well = phase === 'Running' && total > 0 && ready === total && !refused;
  return holding(well ? 'holds' : 'not', `${ready} of ${total} containers ready, ${phase}`);
};

const stateOf = (resource: string, o: AnyObject, condition: string): Holding => {
  const wanted = condition.toLowerCase();
  if (resource === 'pods' && wanted === 'ready') return podReady(o);
  if (o.desired !== undefined && wanted === 'ready') return replicas(o, o.ready ?? 0, 'ready');
  if (o.desired !== undefined && wanted === 'available') {
    return replicas(o, o.available ?? 0, 'available');
  }
  const found = o.conditions?.find(({ type }) => type.toLowerCase() === wanted);
  if (found === undefined) return holding('unknown', `it has no condition ${oneLine(condition)}`);
  if (found.status !== 'True' && found.status !== 'False') {
    return holding('unknown', `${found.type} is ${oneLine(found.status, 'not told')}`);
  }
  return holding(found.status === 'True' ? 'holds' : 'not', `${found.type} is ${found.status}`);
};

const inverse = ({ kind, why }: Holding): Holding =>
  holding(kind === 'holds' ? 'not' : kind === 'not' ? 'holds' : 'unknown', why);

const resolved = (
  { alerts: { items, sources } }: Health,
  fingerprint: string,
  name: string,
): Holding => {
  const mine = items.filter((i) =>
    fingerprint === '' ? i.kind === 'alert' && i.name === name : i.key === fingerprint,
  );
  const word = oneLine(name, 'the alert');
  const lasting = mine.find(({ state }) => state !== 'resolved');
  if (lasting !== undefined) {
    return lasting.stale
      ? holding('unknown', `${word}: its source is not heard now`)
      : holding('not', `${word} is ${lasting.state}`);
  }
  // What is pushed to us is told when it happens; that nothing was pushed proves nothing.
  const polled = sources.filter(({ kind }) => kind !== 'webhook');
  if (polled.length === 0 && mine.length === 0) {
    return holding('unknown', 'no source of alerts is asked');
  }
  const deaf = deafCluster(polled);
  if (deaf !== null) return holding('unknown', `${oneLine(deaf.name)}: ${oneLine(deaf.text)}`);
  return holding('holds', mine.length === 0 ? `${word} is not there` : `${word} is resolved`);
};

/**
 * A source of which no peer is heard: it could tell the alert. That goes for a Prometheus too: when its rules are not
 * evaluated, an Alertmanager takes their alerts for resolved after some minutes.
 */
const deafCluster = (sources: readonly StreamSource[]): StreamSource | null => {
  const hears = ({ tone, text }: StreamSource): boolean =>
    tone === 'good' || (tone === 'warn' && !text.startsWith('settling'));
  const heard = new Set(sources.filter(hears).map(({ cluster }) => cluster));
  return sources.find(({ cluster }) => !heard.has(cluster)) ?? null;
};

const quorum = ({ etcd }: Health, cluster: string): Holding => {
  const asked = cluster === '' ? etcd : etcd.filter(({ name }) => name === cluster);
  const [first] = asked;
  if (first === undefined) return holding('unknown', 'no members of etcd are asked');
  const words = ({ name, working, voters }: typeof first): string =>
    `${oneLine(name)}: ${working} of ${voters} members take part`;
  const unsure = asked.find(({ tone }) => tone === 'stale' || tone === 'unknown');
  const short = asked.find((r) => r.working < r.quorum);
  if (unsure !== undefined) return holding('unknown', `${oneLine(unsure.name)}: ${unsure.verdict}`);
  return short === undefined ? holding('holds', words(first)) : holding('not', words(short));
};

const healed = (found: Health, key: string): Holding => {
  const finding = found.findings.find((f) => f.key === key);
  if (finding !== undefined) return holding('not', oneLine(finding.reason, 'it is still there'));
  const unsure = found.standings.find(({ tone }) => tone === 'stale' || tone === 'unknown');
  return unsure === undefined
    ? holding('holds', 'it is not found any more')
    : holding('unknown', `${unsure.subsystem}: ${oneLine(unsure.evidence, 'no evidence')}`);
};

/** Whether a condition holds in the world as it is known. Pure. */
export const holds = (condition: WorldCondition, world: World, now: EpochMs): Holding => {
  switch (condition.kind) {
    case 'resolved':
      return resolved(health(world, now), condition.fingerprint, condition.name);
    case 'healed':
      return healed(health(world, now), condition.finding);
    case 'quorum':
      return quorum(health(world, now), condition.cluster);
    case 'gone': {
      const found = find(world, condition, now);
      if (found.kind === 'unknown') return holding('unknown', found.why);
      return found.kind === 'absent'
        ? holding('holds', 'it is gone')
        : holding('not', 'it is still there');
    }
    case 'object': {
      const found = find(world, condition, now);
      if (found.kind === 'unknown') return holding('unknown', found.why);
      if (found.kind === 'absent') return holding('not', 'it is not there');
      const state = stateOf(condition.resource, found.object, condition.condition);
      return condition.status ? state : inverse(state);
    }
    default:
      return absurd(condition);
  }
};
