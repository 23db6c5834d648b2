import { createHash } from 'node:crypto';
import type { ActionDefinition, PlanScene } from '../actions/action.ts';
import { known } from '../actions/guard.ts';
import { guards } from '../actions/guards/index.ts';
import { actions } from '../actions/index.ts';
import { parseTime } from '../actions/log-bounds.ts';
import { planOf, usualArgs, wholePlan } from '../actions/plan-of.ts';
import type { Labels } from '../actions/policy-settings.ts';
import { systemClock } from '../adapters/clock.ts';
import type { ActArgs, ActPlan, Intent } from '../kernel/act.ts';
import type { EffectReads } from '../kernel/effect-ports.ts';
import { type Failure, failed, failure, failureText, ok, type Result } from '../kernel/failure.ts';
import { nearest } from '../kernel/spelling.ts';
import { type EpochMs, epochMs } from '../kernel/units.ts';
import { emptyWorld, type World } from '../kernel/world.ts';
import { type Namespace, namespaces } from '../probes/namespaces.ts';
import { type Config, isProduction } from './config.ts';
import { type GatherDeps, type Gatherer, gatherer } from './gather.ts';
import { pinnedSubject } from './gather-uid.ts';
import { ownWords } from './gather-windows.ts';
import type { ClusterFlags, Io } from './io.ts';
import { person } from './local-sources.ts';
import { policySettings } from './policy-from-config.ts';
import { type PolicyReport, policyReport, policyReportText } from './policy-report.ts';
import { sketchPlan } from './policy-sketch.ts';
import { policyTarget } from './policy-target.ts';

export type ExplainFlags = ClusterFlags & {
  readonly at?: string;
  readonly offline?: boolean;
  readonly json?: boolean;
  /** Offline: labels of the namespace, `tier=payments,env=prod`. */
  readonly labels?: string;
  /** `name=value` */
  readonly arg?: readonly string[];
  readonly readOnly?: boolean;
  readonly guarded?: boolean;
};

export interface ExplainOptions {
  readonly action: string;
  readonly target: string;
  readonly flags: ExplainFlags;
  readonly config: Config;
  readonly io: Pick<Io, 'out' | 'err' | 'env'>;
  readonly version: string;
}

/** What can be asked of a cluster; offline there is none. */
export interface ExplainCluster extends Pick<GatherDeps, 'read' | 'may' | 'identity' | 'glass'> {
  readonly context: string;
  /** Of the context; what is meant without `-n`. */
  readonly namespace: string;
  readonly world: World;
}

const wrong = (message: string, hint: string): Result<never> =>
  failed(failure('misconfigured', 'explain', message, { hint }));

const actionOf = (name: string): Result<ActionDefinition> => {
  const found = actions.find((a) => a.id === name || a.aliases.includes(name));
  if (found !== undefined) return ok(found);
  const ids = actions.map((a) => a.id);
  const close = nearest(name, ids);
  const meant = close === undefined ? '' : `; did you mean ${close}?`;
  return wrong(`there is no action ${name}${meant}`, `there are ${ids.join(', ')}`);
};

const argsOf = (given: readonly string[] = []): ActArgs =>
  Object.fromEntries(
    given.map((text) => {
      const at = text.indexOf('=');
      return at === -1 ? [text, 'true'] : [text.slice(0, at), text.slice(at + 1)];
    }),
  );

/** A world in which nothing has been seen but a namespace, as it is told. */
const toldWorld = (namespace: string, labels: Labels): World => {
  const told: Namespace = {
    uid: '',
    name: namespace,
    namespace: '',
    created: epochMs(0),
    labels,
    phase: '',
    deleting: null,
  };
  const slice = { state: new Map([[namespace, told]]), scopes: new Map() };
  return { ...emptyWorld, slices: new Map([[namespaces.id, slice]]) };
};

/** What is known without a cluster: the policy, and what is told. */
export const offlineCluster = ({
  context = '',
  namespace = '',
  labels,
}: ExplainFlags): ExplainCluster => {
  const unasked = async () => failed(failure('unreachable', 'ask', 'nobody is asked offline'));
  return {
    context,
    namespace: '',
    world: labels === undefined ? emptyWorld : toldWorld(namespace, argsOf(labels.split(','))),
    read: unasked,
    may: unasked,
    identity: unasked,
    glass: () => null,
  };
};

/** What an action would send, with what only the server knows; or, where that cannot be read, with what is seen. */
const livePlan = async (
  action: ActionDefinition,
  intent: Intent,
  scene: PlanScene,
  read: GatherDeps['read'],
  signal: AbortSignal,
): Promise<Result<ActPlan>> => {
  const whole = { ...intent, args: usualArgs(action, intent, scene) };
  if (action.prepare === undefined) return planOf(action, whole, scene);
  const reads: EffectReads = {
    kubernetes: read,
    etcdStatus: async () => failed(failure('unreachable', 'ask etcd', 'explain does not ask etcd')),
  };
  const prepared = await action.prepare(whole, scene, reads, signal);
  if (!prepared.ok) {
    const seen = planOf(action, whole, scene);
    return seen.ok ? seen : prepared;
  }
  return ok(wholePlan(action, whole, prepared.value, scene));
};

/** Guards whose facts only a cluster has. */
const needCluster: ReadonlySet<string> = new Set(['uid-pinned', 'rights', 'blast-radius']);

const notAskedOffline = ({ labels }: ExplainFlags): readonly string[] => [
  'rights',
  'whether it is there',
  'how much is behind it',
  'change windows of Argo CD',
  ...(labels === undefined ? ['labels of the namespace (--labels tells them)'] : []),
];

/** Every guard's word about an action, at a time. Nothing is carried out, and nothing is written down. */
export const explained = async (
  { action: name, target, flags, config, io }: ExplainOptions,
  cluster: ExplainCluster,
  now: EpochMs,
  signal: AbortSignal,
): Promise<Result<PolicyReport>> => {
  const action = actionOf(name);
  if (!action.ok) return action;
  const subject = policyTarget(target, flags.namespace ?? cluster.namespace, cluster.world);
  if (!subject.ok) return subject;
  const at = flags.at === undefined ? now : parseTime(flags.at, now);
  if (at === null) return wrong(`${flags.at} is no time`, 'e.g. 2026-12-24T10:00:00Z');
  const offline = flags.offline === true;
  const gathering: Gatherer = gatherer({
    clock: { now: () => at, sleep: systemClock.sleep },
    context: cluster.context,
    production: isProduction(config)(cluster.context),
    settings: policySettings(config.policy),
    flag: flags.readOnly === true ? 'read-only' : flags.guarded === true ? 'guarded' : null,
    world: () => cluster.world,
    read: cluster.read,
    may: cluster.may,
    identity: cluster.identity,
    used: () => ({ bytes: 0, streams: 0 }),
    writes: () => [],
    glass: cluster.glass,
    approval: async () => known(null),
    audit: async () => known(true as const),
  });
  const intent: Intent = {
    action: action.value.id,
    subject: offline
      ? subject.value
      : await pinnedSubject(cluster.read, cluster.world, subject.value, signal),
    args: argsOf(flags.arg),
    origin: 'command',
  };
  const scene: PlanScene = {
    world: cluster.world,
    now,
    context: cluster.context,
    policy: gathering.policy(subject.value),
    person: person(io.env),
    nonce: 'xxxxx',
    digest: (text) => createHash('sha256').update(text, 'utf8').digest('hex'),
  };
  const plan = offline
    ? sketchPlan(action.value, intent, scene)
    : await livePlan(action.value, intent, scene, cluster.read, signal);
  if (!plan.ok) return plan;
  if (offline) {
    const { windows, ...facts } = gathering.preview(plan.value);
    const own = ownWords(policySettings(config.policy), plan.value, at);
    const asked = guards.filter((g) => !needCluster.has(g.id));
    const told = { ...facts, windows: own.length === 0 ? windows : known(own) };
    return ok(policyReport(asked, plan.value, told, at, notAskedOffline(flags)));
  }
  const facts = await gathering.gather(plan.value, true, signal);
  const notAsked = ['the audit', 'approvals', 'what this session has used'];
  return ok(policyReport(guards, plan.value, facts, at, notAsked));
};

const couldNotTell = 2;
const usage = 64;

/** `midwatch policy explain`: exit 0 when it would be done, with or without a question, 1 when it would be denied. */
export const explainPolicy = async (options: ExplainOptions): Promise<number> => {
  const { flags, io } = options;
  const tell = ({ kind, ...why }: Failure): number => {
    io.err(`midwatch: ${failureText({ kind, ...why })}\n${why.hint ?? ''}\n`);
    return kind === 'misconfigured' ? usage : couldNotTell;
  };
  const { untilSignal } = await import('./until-signal.ts');
  const signal = untilSignal();
  const now = systemClock.now();
  const offline = flags.offline === true;
  const { withExplainCluster } = await import('./policy-cluster.ts');
  const report = offline
    ? await explained(options, offlineCluster(flags), now, signal)
    : await withExplainCluster(
        options,
        (cluster) => explained(options, cluster, systemClock.now(), signal),
        signal,
      );
  if (!report.ok) return tell(report.failure);
  io.out(
    flags.json === true ? `${JSON.stringify(report.value)}\n` : policyReportText(report.value),
  );
  return report.value.outcome === 'deny' ? 1 : 0;
};
