import type { Visit } from '../../kernel/run.ts';
import type { EpochMs } from '../../kernel/units.ts';
import { type Line, line, span } from '../parts/line.ts';
import { sign } from '../parts/tone.ts';
import { clockUtc } from '../parts/words.ts';
import { wrap } from '../parts/wrap.ts';
import type { ViewInput } from '../view.ts';

type Timer = NonNullable<Visit['timer']>;

/** Time that is left, counted down: `4:32`, `1:02:03`; `0:00` when it is over. */
export const countdown = (ms: number): string => {
  const s = Math.max(0, Math.ceil(ms / 1000));
  const two = (n: number): string => String(n).padStart(2, '0');
  const rest = `${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
  return s >= 3600 ? `${Math.floor(s / 3600)}:${rest}` : rest.replace(/^0/, '');
};

/** In a word or two, for beside the number of the step. */
export const waitingShort = ({ until }: Timer, now: EpochMs): string =>
  until > now ? `waits ${countdown(until - now)}` : 'time is up';

/** What a step waits for, until when, and what is left of it; when the time is up, that one should look again. */
export const waitingLines = (
  { until, why }: Timer,
  { now, glyphs }: Pick<ViewInput, 'now' | 'glyphs'>,
  width: number,
): readonly Line[] => {
  const goes = until > now;
  const what = why === '' ? '' : `: ${why}`;
  const text = goes
    ? `waits until ${clockUtc(until, true)}, ${countdown(until - now)} left${what}; w looks again now`
    : `the time is up since ${clockUtc(until, true)}${what}: look again; w takes this away`;
  return wrap(text, width - 2).map((part, n) =>
    line(
      n === 0 ? sign(goes ? 'progress' : 'warn', glyphs) : ' ',
      ' ',
      span(part, goes ? 'here' : 'warn'),
    ),
  );
};
