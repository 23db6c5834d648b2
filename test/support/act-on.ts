import { createHash } from 'node:crypto';
import type { ActionDefinition, PlanScene } from '../../src/actions/action.ts';
import { type Facts, type Guard, known } from '../../src/actions/guard.ts';
import { actions as allActions } from '../../src/actions/index.ts';
import { type Asked, openPipeline } from '../../src/actions/pipeline.ts';
import { usualClass } from '../../src/actions/policy.ts';
import { systemClock } from '../../src/adapters/clock.ts';
import type { ActArgs, ActPlan, ActResult, ActSubject } from '../../src/kernel/act.ts';
import type { ActFact } from '../../src/kernel/act-fact.ts';
import type { Clock } from '../../src/kernel/clock.ts';
import type { EffectPorts, EffectReads } from '../../src/kernel/effect-ports.ts';
import { failed, failure, ok } from '../../src/kernel/failure.ts';
import type { World } from '../../src/kernel/world.ts';
import { now } from './objects.ts';

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export const sceneOf = (world: World, over: Partial<PlanScene> = {}): PlanScene => ({
  world,
  now,
  context: 'test',
  policy: usualClass,
  person: 'jo',
  nonce: 'abcde',
  digest: sha256,
  ...over,
});

const facts: Facts = {
  mode: 'guarded',
  production: false,
  policy: usualClass,
  identity: known('jo'),
  rights: new Map(),
  uid: known(''),
  windows: known([]),
  used: { bytes: 0, streams: 0 },
  writes: [],
  glass: null,
  approval: known(null),
  audit: known(true),
};

const agrees: Guard = {
  id: 'agrees',
  title: 'says yes',
  judge: () => ({ kind: 'allow', why: 'a test' }),
};

const absent = async () => failed(failure('misconfigured', 'test', 'this port is not there'));

export const noPorts: EffectPorts = {
  kubernetes: absent,
  logs: absent,
  loki: absent,
  attach: absent,
  etcd: absent,
  etcdSnapshot: absent,
  alertmanager: absent,
};
export const noReads: EffectReads = { kubernetes: absent, etcdStatus: absent };

export interface ActOnOptions {
  readonly ports?: Partial<EffectPorts>;
  readonly reads?: Partial<EffectReads>;
  readonly world: () => World;
  readonly scene?: Partial<PlanScene>;
  readonly clock?: Clock;
  readonly actions?: readonly ActionDefinition[];
}

/** The whole pipeline, with a guard that says yes to all that a plan itself does not refuse. */
export const actOn = (options: ActOnOptions) => {
  const told: ActFact[] = [];
  const progress: string[] = [];
  const never = new AbortController().signal;
  let acts = 0;
  const pipelineOf = (actions: readonly ActionDefinition[]) =>
    openPipeline({
      actions,
      guards: [agrees],
      clock: options.clock ?? systemClock,
      audit: async (more) => {
        told.push(...more);
        return ok(undefined);
      },
      by: 'jo',
      process: '',
      scene: () => sceneOf(options.world(), options.scene),
      gather: async () => facts,
      ports: { ...noPorts, ...options.ports },
      reads: { ...noReads, ...options.reads },
      newId: () => `act-${++acts}`,
    });
  const offered = options.actions ?? allActions;
  const pipeline = pipelineOf(offered);
  const fresh = new Set<ActPlan>();
  const ask = async (action: string, subject: ActSubject, args: ActArgs = {}): Promise<Asked> => {
    const asked = await pipeline.ask({ action, subject, args, origin: 'screen' }, never);
    if (!asked.ok) throw new Error(`${asked.failure.op}: ${asked.failure.message}`);
    fresh.add(asked.value.plan);
    return asked.value;
  };
  /** A plan that is carried out once more, or that was altered: as one that the action itself has made. */
  const forced = async ({ intent, plan }: Asked): Promise<[typeof pipeline, Asked]> => {
    const prepare: ActionDefinition['prepare'] = async () => ok(plan);
    const door = pipelineOf(offered.map((a) => (a.id === plan.action ? { ...a, prepare } : a)));
    const asked = await door.ask(intent, never);
    if (!asked.ok) throw new Error(asked.failure.message);
    return [door, asked.value];
  };
  const carryOut = async (given: Asked, signal: AbortSignal = never): Promise<ActResult> => {
    const [door, asked] = fresh.delete(given.plan)
      ? ([pipeline, given] as const)
      : await forced(given);
    return await door.carryOut(
      asked,
      { digest: asked.plan.digest, name: asked.plan.typed, reason: '' },
      { terminal: null, progress: (text) => progress.push(text), logs: () => {} },
      signal,
    );
  };
  return {
    told,
    progress,
    ask,
    carryOut,
    act: async (action: string, subject: ActSubject, args: ActArgs = {}) =>
      carryOut(await ask(action, subject, args)),
  };
};

export const objectOf = (
  resource: string,
  namespace: string,
  name: string,
  uid: string | null = null,
): ActSubject => ({ kind: 'object', resource, namespace, name, uid });
