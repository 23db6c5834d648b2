import type { LogBounds } from '../../kernel/act.ts';
import { type EpochMs, epochMs, milliseconds, minutes, since } from '../../kernel/units.ts';
import type { LogFrom } from './log-request.ts';
import type { ContainerSight, RunSight } from './pod-sight.ts';

/** Clocks of nodes and of this machine differ; by more than this they are broken. */
const skewMost = minutes(5);

/** From when on lines are asked for, by our clock; null for the newest ones whenever they were. */
export const askedStart = ({ since: from }: LogBounds, now: EpochMs): EpochMs | null => {
  switch (from.kind) {
    case 'age':
      return epochMs(Math.max(0, now - from.age));
    case 'time':
      return from.at;
    case 'newest':
      return null;
  }
};

const secondAt = (at: EpochMs): LogFrom => ({
  kind: 'time',
  second: Math.max(1, Math.floor(at / 1000)),
});

/** The first question of a log. Of an instance that has ended the age is counted back from its end. */
export const firstFrom = ({ since: from, previous }: LogBounds, end: EpochMs | null): LogFrom => {
  switch (from.kind) {
    case 'newest':
      return { kind: 'newest' };
    case 'time':
      return secondAt(from.at);
    case 'age':
      return previous && end !== null
        ? secondAt(epochMs(Math.max(0, end - from.age)))
        : { kind: 'age', seconds: Math.max(1, Math.ceil(from.age / 1000)) };
  }
};

/** Whether a run ended so long before what is asked for that nothing of it can be in its log. */
export const isPast = (run: RunSight, start: EpochMs | null): boolean =>
  start !== null &&
  run.finishedAt !== null &&
  run.finishedAt + since(start, epochMs(start + skewMost)) < start;

/** When a time is looked at by two clocks, and a line is late. */
const slack = milliseconds(2000);

/**
 * Whether the first line that came makes one ask whether there were earlier ones: it is later than what was asked for,
 * and later than the start of the container.
 */
export const mayBeRotated = (first: EpochMs, start: EpochMs | null, run: RunSight): boolean =>
  start !== null && first > start + slack && first > (run.startedAt ?? 0) + slack;

/** `08:12:01`, of UTC as logs have it. */
export const clockText = (at: EpochMs): string => `${new Date(at).toISOString().slice(11, 19)}Z`;

/** Why a container has no log yet, in a sentence. */
export const notStarted = ({ waits }: ContainerSight): string =>
  `it has not started yet${waits === '' ? '' : `: ${waits}`}`;
