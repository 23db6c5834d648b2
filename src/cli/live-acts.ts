import { guards } from '../actions/guards/index.ts';
import type { Clock } from '../kernel/clock.ts';
import type { World } from '../kernel/world.ts';
import type { ActEffects } from '../views/act/effects.ts';
import { guardStatus } from '../views/act/guard-status.ts';
import type { SessionStore } from '../views/session.ts';
import { type ActEffectsDeps, actEffects } from './act-effects.ts';
import type { Door } from './open-door.ts';

export interface LiveActsDeps
  extends Pick<ActEffectsDeps, 'lend' | 'approved' | 'breakGlass' | 'mendGlass' | 'ended'> {
  readonly door: Pick<Door, 'pipeline' | 'gatherer' | 'scene' | 'remembered'>;
  readonly session: SessionStore;
  readonly clock: Clock;
  readonly world: () => World;
}

/** What the header says of a session is what holds for the cluster itself; a namespace may have rules of its own. */
const cluster = { kind: 'etcd', cluster: '', member: '' } as const;

/** Actions of a live session, through its door. */
export const liveActs = (deps: LiveActsDeps, signal: AbortSignal): ActEffects => {
  const { door, session, clock, world, lend, approved, breakGlass, mendGlass, ended } = deps;
  return actEffects(
    {
      pipeline: door.pipeline,
      session,
      clock,
      guards,
      scene: door.scene,
      remembered: door.remembered,
      status: () => guardStatus(world(), clock.now(), door.gatherer.mode(cluster)),
      sealed: '',
      lend,
      approved,
      breakGlass,
      mendGlass,
      ...(ended === undefined ? {} : { ended }),
    },
    signal,
  );
};
