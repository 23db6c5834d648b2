import { createHash } from 'node:crypto';
import type { PlanScene } from '../actions/action.ts';
import { guards } from '../actions/guards/index.ts';
import { placeOf } from '../actions/policy-place.ts';
import { type PolicySettings, policyFor } from '../actions/policy-settings.ts';
import type { ActPlan, ActSubject, Intent } from '../kernel/act.ts';
import type { Clock } from '../kernel/clock.ts';
import { failed, failure } from '../kernel/failure.ts';
import type { World } from '../kernel/world.ts';
import type { ActEffects } from '../views/act/effects.ts';
import { guardStatus } from '../views/act/guard-status.ts';
import type { SessionStore } from '../views/session.ts';
import { actEffects } from './act-effects.ts';
import { logEffects } from './log-effects.ts';
import { sealedFacts, sealedPipeline } from './sealed-pipeline.ts';
import { withLogs } from './with-logs.ts';

export interface SealedActsDeps {
  readonly session: SessionStore;
  /** The recorded world at the cursor. */
  readonly world: () => World;
  /** Its time is that of the recording. */
  readonly clock: Clock;
  readonly production: (context: string) => boolean;
  readonly settings: PolicySettings;
}

const sealed =
  'This is a recording: here is what would be planned and judged. Nobody is asked, nothing is sent.';

const refuses = async () =>
  failed(failure('forbidden', 'change', 'this is a recording: nothing is changed'));

/** Actions in a recording: the same keys and dialogs, over a door that has no way out. */
export const sealedActs = (deps: SealedActsDeps, signal: AbortSignal): ActEffects => {
  const { session, world, clock, settings } = deps;
  const context = (): string => world().origin?.context ?? '';
  const production = (): boolean => deps.production(context());
  const policy = (subject: ActSubject) =>
    policyFor(settings, placeOf(world(), context(), production(), subject));
  const scene = ({ subject }: Intent): PlanScene => ({
    world: world(),
    now: clock.now(),
    context: context(),
    policy: policy(subject),
    person: 'you',
    // The same plan each time it is asked for: a recording is looked at twice.
    nonce: 'repla',
    digest: (text) => createHash('sha256').update(text, 'utf8').digest('hex'),
  });
  const status = () => guardStatus(world(), clock.now(), 'read-only');
  const facts = (plan: ActPlan) => {
    const rules = policy(plan.subject);
    const { glass } = status();
    return sealedFacts(plan, { mode: rules.mode, production: production(), policy: rules, glass });
  };
  const pipeline = sealedPipeline({ guards, scene, facts, newId: () => 'none: a recording' });
  const logs = logEffects(
    { pipeline, session, clock, sealed, approved: refuses, save: refuses, attach: null },
    signal,
  );
  const act = actEffects(
    {
      pipeline,
      session,
      clock,
      guards,
      scene,
      remembered: facts,
      status,
      sealed,
      lend: null,
      approved: refuses,
      breakGlass: refuses,
      mendGlass: refuses,
    },
    signal,
  );
  return withLogs(act, logs);
};
