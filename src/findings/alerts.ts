import type { EpochMs } from '../kernel/units.ts';
import type { World } from '../kernel/world.ts';
import { type AlertStream, emptyStream } from './alert-stream.ts';
import type { Finding } from './finding.ts';

/**
 * What alerts at `now`, as all sources tell it together. `findings`: all of them, with the events that nothing explains
 * (subsystem `alerts`). Pure; remembered by the identity of what it reads and by `now` in steps of five seconds.
 */
export const alertStream = (
  _world: World,
  _now: EpochMs,
  _findings: readonly Finding[],
): AlertStream => emptyStream;
