import { randomUUID } from 'node:crypto';
import type { Audit } from '../adapters/audit/audit-file.ts';
import { lifeOfText } from '../adapters/audit/process-identity.ts';
import { systemClock } from '../adapters/clock.ts';
import type { ClusterInfo } from '../adapters/kubernetes/api-client.ts';
import type { Intent } from '../kernel/act.ts';
import type { KubernetesPort } from '../kernel/ports.ts';
import { type NamedSources, sourcesFor } from '../kernel/source-target.ts';
import { plainText } from '../kernel/text.ts';
import type { World } from '../kernel/world.ts';
import type { ActEffects } from '../views/act/effects.ts';
import type { LogEffects } from '../views/logs/effects.ts';
import type { SessionStore } from '../views/session.ts';
import type { LentTerminal } from './act-effects.ts';
import { approvals } from './approvals.ts';
import { connectionFlags } from './cluster-session.ts';
import { type Config, isProduction } from './config.ts';
import { glassOf } from './glass.ts';
import type { ClusterFlags, Io } from './io.ts';
import { liveActs } from './live-acts.ts';
import { actorText, auditPaths, throughText } from './local-audit.ts';
import { person } from './local-sources.ts';
import { logEffects } from './log-effects.ts';
import { attachLog, type LogEvidenceDeps } from './log-evidence.ts';
import { lokiPort } from './logs-loki.ts';
import { lookAfter } from './look-after.ts';
import { type Door, openDoor } from './open-door.ts';
import { policySettings } from './policy-from-config.ts';
import { type GuardFlags, guardFlag } from './program.ts';
import { saveLines } from './save-lines.ts';
import { type StepDoor, type StepDoorDeps, stepDoor } from './step-door.ts';
import { type SweepDeps, sweepDebugPods } from './sweep-debug-pods.ts';
import { tellLater, tellLeft } from './tell-left.ts';
import { withLogs } from './with-logs.ts';

export interface LiveDoorOptions {
  readonly cluster: {
    readonly info: ClusterInfo;
    readonly ports: { readonly kubernetes: Pick<KubernetesPort, 'get' | 'may'> };
    readonly store: { world(): World };
  };
  readonly flags: ClusterFlags & GuardFlags;
  readonly config: Config;
  readonly env: Io['env'];
  /** Of midwatch. */
  readonly version: string;
  readonly named: NamedSources;
  readonly audit: Audit;
}

/** The door of a live session, and what a person may do at it besides: break the glass, bring another's agreement. */
export interface LiveDoor {
  readonly door: Door;
  readonly glass: ReturnType<typeof glassOf>;
  readonly approvals: ReturnType<typeof approvals>;
  /** Looks after acts that were started and whose end nobody knows. */
  readonly reconcile: (signal: AbortSignal) => ReturnType<typeof lookAfter>;
  /** Deletes debug pods of the same person that nobody is joined to any more. */
  readonly sweep: (tell: SweepDeps['tell']) => Promise<void>;
}

export const liveDoor = (options: LiveDoorOptions, signal: AbortSignal): LiveDoor => {
  const { cluster, flags, config, env, version, named, audit } = options;
  const { context } = cluster.info;
  const settings = policySettings(config.policy);
  const sources = sourcesFor(named, context);
  const who = person(env);
  const by = actorText(env);
  const world = () => cluster.store.world();
  const agreed = approvals(
    {
      clock: systemClock,
      cluster: (until) => door.cluster(until),
      person: who,
      approvers: settings.approvers,
    },
    signal,
  );
  const door: Door = openDoor(
    {
      flags: connectionFlags({ ...flags, context }),
      env,
      clock: systemClock,
      version,
      context,
      production: isProduction(config)(context),
      policy: settings,
      flag: guardFlag(flags),
      world,
      kubernetes: cluster.ports.kubernetes,
      sources,
      person: who,
      by,
      through: throughText(env),
      audit: (facts) => audit.put(facts),
      approval: agreed.of,
      loki: (deps) => lokiPort(config, context, deps),
    },
    signal,
  );
  void audit.keepSealed(signal);
  const put: Audit['put'] = (facts) => audit.put(facts);
  return {
    door,
    approvals: agreed,
    glass: glassOf({ context, by, clock: systemClock, world, audit: put, newId: randomUUID }),
    reconcile: (until) => {
      const { path } = auditPaths(env, config);
      const { kubernetes } = cluster.ports;
      const { looks } = door;
      const clock = systemClock;
      return lookAfter(
        { path, put, context, by, clock, kubernetes, world, looks, sources },
        AbortSignal.any([signal, until]),
      );
    },
    sweep: (tell) => {
      const { pipeline, gatherer } = door;
      const get: SweepDeps['get'] = (at, until) => cluster.ports.kubernetes.get(at, until);
      const mode = () => gatherer.mode({ kind: 'etcd', cluster: '', member: '' });
      const rest = { clock: systemClock, person: who, life: lifeOfText, tell };
      return sweepDebugPods({ get, pipeline, mode, ...rest }, signal);
    },
  };
};

/** What a screen lends and what it wants to know, for actions on it. */
export interface DoorScreen {
  readonly session: SessionStore;
  readonly world: () => World;
  readonly lend: ((signal: AbortSignal) => Promise<LentTerminal>) | null;
  /** Writes down what is attached to runs of runbooks. */
  readonly put: LogEvidenceDeps['put'];
  /** Who attaches it. */
  readonly by: string;
}

export interface DoorActs {
  readonly acts: ActEffects;
  readonly logs: LogEffects;
  /** For steps of runbooks: the same door, the same screen. */
  readonly steps: StepDoor;
}

/** Actions on the screen of a live session, and steps of runbooks that come to them. */
export const liveDoorActs = (
  { door, glass, approvals: agreed, reconcile, sweep }: LiveDoor,
  { session, world, lend, put, by }: DoorScreen,
  signal: AbortSignal,
): DoorActs => {
  const waiting = new Map<string, Parameters<NonNullable<StepDoorDeps['hand']>>[1]>();
  const keyOf = ({ step }: Intent): string =>
    step === undefined ? '' : `${step.run}/${step.task}`;
  const acts = liveActs(
    {
      door,
      session,
      clock: systemClock,
      world,
      lend,
      approved: agreed.take,
      breakGlass: (reason, ticket) => glass.breakIt(reason, ticket),
      mendGlass: glass.mend,
      ended: (intent, result, lines) => {
        const key = keyOf(intent);
        waiting.get(key)?.(result, lines);
        waiting.delete(key);
      },
    },
    signal,
  );
  void tellLeft(reconcile, session, signal).then(async (waits) => {
    await sweep((tone, text) =>
      session.dispatch({ kind: 'notice', notice: { tone, text: plainText(text) } }),
    );
    if (waits) await tellLater(reconcile, session, systemClock, signal);
  });
  const hand: StepDoorDeps['hand'] = (intent, ended) => {
    const why = acts.begin(intent);
    if (why === null) waiting.set(keyOf(intent), ended);
    return why;
  };
  const logs = logEffects(
    {
      pipeline: door.pipeline,
      session,
      clock: systemClock,
      sealed: '',
      approved: agreed.take,
      save: saveLines,
      attach: attachLog({ world, clock: systemClock, by, put }),
    },
    signal,
  );
  return {
    acts: withLogs(acts, logs),
    logs,
    // What a step has to be agreed to comes back to the step, so its logs are no screen of their own.
    steps: stepDoor({ pipeline: door.pipeline, clock: systemClock, hand }),
  };
};
