import type { Clock } from '../../kernel/clock.ts';
import { failure } from '../../kernel/failure.ts';
import type { ResourceRef } from '../../kernel/kind.ts';
import type { KubernetesPort } from '../../kernel/ports.ts';
import { type Brought, brought, broughtFailure, tookSince } from './brought.ts';
import { type Json, jsonOf, listOf, textOf } from './object-cells.ts';
import { objectPaths } from './object-step.ts';
import { readItems } from './read-items.ts';

/** `kubectl rollout status`, as what it asks for. */
export interface RolloutRequest {
  readonly ref: ResourceRef;
  /** At least one. */
  readonly names: readonly string[];
  readonly namespace: string;
}

export interface RolloutDeps {
  readonly kubernetes: Pick<KubernetesPort, 'get'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** How far a rollout has come. */
export interface RolloutStanding {
  readonly kind: 'done' | 'going' | 'failed';
  readonly why: string;
}

const count = (value: unknown, otherwise = 0): number =>
  typeof value === 'number' ? value : otherwise;

const standing = (kind: RolloutStanding['kind'], why: string): RolloutStanding => ({ kind, why });

const deployment = (spec: Json, status: Json): RolloutStanding => {
  const want = count(spec.replicas, 1);
  const updated = count(status.updatedReplicas);
  const all = count(status.replicas);
  const available = count(status.availableReplicas);
  const progressing = listOf(status.conditions)
    .map(jsonOf)
    .find(({ type }) => type === 'Progressing');
  if (progressing?.reason === 'ProgressDeadlineExceeded') {
    return standing('failed', `${updated} of ${want} updated, and its deadline has passed`);
  }
  if (updated < want) return standing('going', `${updated} of ${want} updated`);
  if (all > updated) return standing('going', `${all - updated} of the old ones still to end`);
  return available < updated
    ? standing('going', `${available} of ${updated} updated ones available`)
    : standing('done', `${available} of ${want} updated and available`);
};

const daemonSet = (spec: Json, status: Json): RolloutStanding => {
  if (jsonOf(spec.updateStrategy).type === 'OnDelete') {
    return standing('failed', 'it is updated by deleting its pods: there is no rollout to follow');
  }
  const want = count(status.desiredNumberScheduled);
  const updated = count(status.updatedNumberScheduled);
  const available = count(status.numberAvailable);
  if (updated < want) return standing('going', `${updated} of ${want} updated`);
  return available < want
    ? standing('going', `${available} of ${want} updated ones available`)
    : standing('done', `${available} of ${want} updated and available`);
};

const statefulSet = (spec: Json, status: Json): RolloutStanding => {
  const strategy = jsonOf(spec.updateStrategy);
  if (strategy.type === 'OnDelete') {
    return standing('failed', 'it is updated by deleting its pods: there is no rollout to follow');
  }
  const want = count(spec.replicas, 1);
  const ready = count(status.readyReplicas);
  const updated = count(status.updatedReplicas);
  // Pods below the partition keep the old revision on purpose.
  const partition = count(jsonOf(strategy.rollingUpdate).partition);
  const wanted = Math.max(0, want - partition);
  if (ready < want) return standing('going', `${ready} of ${want} ready`);
  const same = textOf(status.currentRevision) === textOf(status.updateRevision);
  const behind = partition === 0 ? !same && updated < want : updated < wanted;
  return behind
    ? standing('going', `${updated} of ${wanted} updated`)
    : standing('done', `${wanted} of ${want} updated, ${ready} ready`);
};

const kinds: Readonly<Record<string, (spec: Json, status: Json) => RolloutStanding>> = {
  deployments: deployment,
  daemonsets: daemonSet,
  statefulsets: statefulSet,
};

/** How far the rollout of an object is, by its own status. Pure; null for kinds that are not rolled out. */
export const rolloutStanding = (resource: string, object: Json): RolloutStanding | null => {
  const of = Object.hasOwn(kinds, resource) ? kinds[resource] : undefined;
  if (of === undefined) return null;
  const status = jsonOf(object.status);
  const { generation } = jsonOf(object.metadata);
  return count(status.observedGeneration) < count(generation)
    ? standing('going', 'its controller has not looked at the newest version yet')
    : of(jsonOf(object.spec), status);
};

/**
 * Looks once how far rollouts are; it is not waited for: a watch does that. Well when each is done. At most 10 objects.
 * Data for rules: `items` with `name`, `state` (`done`, `going`, `failed`) and `why`.
 */
export const rolloutStep = async (
  { kubernetes, clock }: RolloutDeps,
  request: RolloutRequest,
  signal: AbortSignal,
): Promise<Brought> => {
  const { ref, names } = request;
  const began = clock.now();
  if (!Object.hasOwn(kinds, ref.resource) || ref.group !== 'apps' || names.length === 0) {
    const hint = 'name a deployment, a statefulset or a daemonset';
    const wrong = failure('misconfigured', 'rollout status', `${ref.resource} are not rolled out`, {
      hint,
    });
    return broughtFailure('rollout status', 0, wrong);
  }
  const paths = objectPaths({
    ...request,
    verb: 'get',
    labelSelector: '',
    fieldSelector: '',
    output: '',
  });
  if (!paths.ok) return broughtFailure('rollout status', 0, paths.failure);
  const asked = paths.value.map((path) => `GET ${path}`).join(', ');
  const read = await readItems(kubernetes, paths.value, signal);
  const took = tookSince(began, clock.now());
  if (!read.ok) return broughtFailure(asked, took, read.failure);
  const items = read.value.items.flatMap((object, n) => {
    const found = rolloutStanding(ref.resource, object);
    return found === null ? [] : [{ name: names[n] ?? '', state: found.kind, why: found.why }];
  });
  const words = { done: 'rolled out', going: 'not yet', failed: 'failed' } as const;
  return brought({
    asked,
    took,
    lines: items.map(({ name, state, why }) => `${name}: ${words[state]}: ${why}`),
    data: { items },
    exit: items.every(({ state }) => state === 'done') ? 'ok' : 'failed',
  });
};
