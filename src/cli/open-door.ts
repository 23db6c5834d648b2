import { createHash, randomInt, randomUUID } from 'node:crypto';
import type { PlanScene } from '../actions/action.ts';
import type { Facts, Gathered } from '../actions/guard.ts';
import { known, unknown } from '../actions/guard.ts';
import { guards } from '../actions/guards/index.ts';
import { actions } from '../actions/index.ts';
import { openPipeline, type Pipeline } from '../actions/pipeline.ts';
import type { PolicySettings } from '../actions/policy-settings.ts';
import { processText, thisProcess } from '../adapters/audit/process-identity.ts';
import { type ReadMark, readClusterMark } from '../adapters/cluster-mark.ts';
import type { EffectLooks } from '../adapters/effects/effect-looks.ts';
import { openEffects } from '../adapters/effects/open-effects.ts';
import type { OpenHttpDeps } from '../adapters/http/open-http.ts';
import type { ConnectionFlags } from '../adapters/kubernetes/kubeconfig.ts';
import { whoAmI } from '../adapters/kubernetes/self-review.ts';
import type { ActPlan, Intent } from '../kernel/act.ts';
import type { ActFact } from '../kernel/act-fact.ts';
import { glassAt } from '../kernel/acts.ts';
import type { Clock } from '../kernel/clock.ts';
import type { EffectPorts } from '../kernel/effect-ports.ts';
import { failureText, type Result } from '../kernel/failure.ts';
import type { KubernetesPort } from '../kernel/ports.ts';
import type { SourceSettings } from '../kernel/source-target.ts';
import { seconds } from '../kernel/units.ts';
import { sliceOf, type World } from '../kernel/world.ts';
import { acts } from '../probes/acts.ts';
import { doorPorts } from './door-ports.ts';
import { EffectLatch } from './effect-latch.ts';
import { type Gatherer, gatherer } from './gather.ts';

export interface DoorOptions {
  readonly flags: ConnectionFlags;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Of midwatch. */
  readonly version: string;
  readonly context: string;
  readonly production: boolean;
  readonly policy: PolicySettings;
  /** `--read-only` or `--guarded`; null without either. */
  readonly flag: 'read-only' | 'guarded' | null;
  readonly world: () => World;
  /** Over which is asked what guards want to know. */
  readonly kubernetes: Pick<KubernetesPort, 'get' | 'may'>;
  readonly sources: SourceSettings;
  /** Who is at the keyboard, as the operating system says. */
  readonly person: string;
  /** Who is at the keyboard, for every fact: the person, the machine, and the way to it. */
  readonly by: string;
  /** How they came to the keyboard; '' where that is not known. */
  readonly through: string;
  readonly audit: (facts: readonly ActFact[]) => Promise<Result<void>>;
  readonly approval: (plan: ActPlan, signal: AbortSignal) => Promise<Gathered<string | null>>;
  /** Asks the Loki servers that the configuration names. */
  readonly loki: (deps: OpenHttpDeps) => EffectPorts['loki'];
}

/** The one way to the outside, put together for one cluster. */
export interface Door {
  readonly pipeline: Pipeline;
  readonly gatherer: Gatherer;
  readonly scene: (intent: Intent) => PlanScene;
  /** Which cluster it is, over the connection that would change something. */
  readonly cluster: (signal: AbortSignal) => Promise<Result<ReadMark>>;
  /** What is remembered of all that guards ask for. */
  readonly remembered: (plan: ActPlan) => Facts;
  readonly looks: EffectLooks;
}

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
const nonce = (): string =>
  Array.from({ length: 5 }, () => letters[randomInt(letters.length)] ?? 'x').join('');

/** SHA-256 in hexadecimal digits. */
export const sha256 = (text: string): string =>
  createHash('sha256').update(text, 'utf8').digest('hex');

const wholeCluster = { kind: 'etcd', cluster: '', member: '' } as const;

/** Whoever reads the audit wants to know once who came through which door. A server that does not say holds up nobody. */
const openedFact = async (
  { clock, by, context, through, version }: DoorOptions,
  identity: (until: AbortSignal) => Promise<Result<string>>,
  mode: () => Facts['mode'],
): Promise<ActFact> => {
  const late = new AbortController();
  const over = clock.sleep(seconds(3), late.signal).then(() => null);
  const who = await Promise.race([identity(late.signal).catch(() => null), over]);
  late.abort();
  return {
    kind: 'opened',
    act: randomUUID(),
    at: clock.now(),
    by,
    context,
    mode: mode(),
    identity: who?.ok === true ? who.value : '',
    through,
    version,
  };
};

/** Nothing is dialled before it is needed; all of it ends when the signal aborts. */
export const openDoor = (options: DoorOptions, signal: AbortSignal): Door => {
  const { flags, env, clock, version, context, production, policy, world } = options;
  const latch = new EffectLatch(() => clock.now());
  const used = { bytes: 0, streams: 0 };
  let sink: Gathered<true> = known(true);
  let opening: Promise<ActFact> | null = null;
  const audit: DoorOptions['audit'] = async (facts) => {
    const first = opening === null;
    opening ??= openedFact(options, identity, () => gathering.mode(wholeCluster));
    const written = await options.audit(first ? [await opening, ...facts] : facts);
    sink = written.ok ? known(true) : unknown(failureText(written.failure));
    return written;
  };
  const effects = openEffects(
    { flags, env, clock, version, settings: options.sources, mode: latch.mode },
    signal,
  );
  const identity = async (until: AbortSignal): Promise<Result<string>> => {
    const opened = await effects.cluster();
    return opened.ok ? whoAmI(opened.value.client, until) : opened;
  };
  const ports = doorPorts({ options, effects, latch, used }, signal);
  const gathering = gatherer({
    clock,
    context,
    production,
    settings: policy,
    flag: options.flag,
    world,
    read: (path, until) => options.kubernetes.get(path, until),
    may: (access, until) => options.kubernetes.may(access, until),
    identity,
    used: () => used,
    writes: latch.writes,
    glass: () => glassAt(sliceOf(world(), acts).state, context, clock.now()),
    approval: options.approval,
    audit: async () => sink,
  });
  const scene = (intent: Intent): PlanScene => ({
    world: world(),
    now: clock.now(),
    context,
    policy: gathering.policy(intent.subject),
    person: options.person,
    process: processText(thisProcess()),
    nonce: nonce(),
    digest: sha256,
  });
  return {
    gatherer: gathering,
    scene,
    cluster: async (until) => {
      const opened = await effects.cluster();
      return opened.ok ? await readClusterMark(opened.value, until) : opened;
    },
    remembered: (plan) => gathering.preview(plan),
    looks: effects.looks,
    pipeline: openPipeline({
      actions: actions.map(latch.around),
      guards,
      clock,
      audit,
      by: options.by,
      process: processText(thisProcess()),
      scene,
      gather: gathering.gather,
      ports,
      reads: effects.reads,
      newId: randomUUID,
    }),
  };
};
