import type { Health } from '../../findings/finding.ts';
import type { EpochMs } from '../../kernel/units.ts';
import type { World } from '../../kernel/world.ts';
import type { GuardStatus } from '../act/effects.ts';
import type { Session } from '../session.ts';
import { type Line, line, lineWidth, span, spread } from './line.ts';
import type { ReplayStatus } from './timebar.ts';
import { toneStyle } from './tone.ts';
import { age, clockUtc } from './words.ts';

/** The connection to the API server, as the header tells it. */
export type LinkStatus =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live'; readonly roundTripMs: number | null }
  | { readonly kind: 'down'; readonly since: EpochMs };

interface HeaderInput {
  readonly world: World;
  readonly health: Health;
  readonly session: Session;
  readonly now: EpochMs;
  readonly columns: number;
  readonly link: LinkStatus;
  readonly replay: ReplayStatus | null;
  readonly production: boolean;
  readonly guard: GuardStatus;
}

/** A round trip in steps, so that jitter of a millisecond does not repaint the header: `<5 ms`, `12 ms`, `300 ms`. */
export const roundTripText = (ms: number): string => {
  if (ms < 5) return '<5 ms';
  if (ms < 20) return `${Math.round(ms / 5) * 5} ms`;
  if (ms < 100) return `${Math.round(ms / 20) * 20} ms`;
  return ms < 1000 ? `${Math.round(ms / 100) * 100} ms` : `${(ms / 1000).toFixed(1)} s`;
};

const linkSpan = (input: HeaderInput): Line => {
  if (input.replay !== null) return line(span('REPLAY', 'here'));
  switch (input.link.kind) {
    case 'connecting':
      return line(span('CONNECTING', 'here'));
    case 'live':
      return line(
        span(
          `LIVE${input.link.roundTripMs === null ? '' : ` ${roundTripText(input.link.roundTripMs)}`}`,
          'good',
        ),
      );
    default:
      return line(span(`API DOWN ${age(input.now - input.link.since)}`, 'bad'));
  }
};

/** What may be done in this session. A broken glass is never left out. */
const modeSpan = ({ guard, now }: HeaderInput): Line =>
  guard.glass === null
    ? line(span(guard.mode, guard.mode === 'guarded' ? 'title' : 'dim'))
    : line(span(` GLASS BROKEN ${age(guard.glass.until - now)} `, 'badge'));

/** Line 1: where we are, the verdict in words, link, guard mode, clock. It gives way from the right. */
export const headerLine = (input: HeaderInput, title: string): Line => {
  const name = input.world.origin?.context ?? '';
  const context = input.production
    ? line(span(` ${name} `, 'badge'))
    : line(' ', span(name, 'title'));
  const { verdict } = input.health;
  const where = title === '' ? [] : line(span(' / ', 'dim'), span(title, 'title'));
  const left = line(context, where, '  ', span(verdict.text, toneStyle(verdict.tone)));
  const mode = modeSpan(input);
  const clock = clockUtc(input.now);
  const forms = [
    [linkSpan(input), mode, line(span(`${clock} UTC`, 'dim'))],
    [linkSpan(input), mode, line(span(`${clock}Z`, 'dim'))],
    [linkSpan(input), mode],
  ].map((parts) => line(...parts.flatMap((p, i) => (i === 0 ? [p] : ['  ', p])), ' '));
  // What stands at the right gives way from its right end until the left part fits; how we are linked stays.
  const right =
    forms.find((form) => lineWidth(left) + lineWidth(form) + 2 <= input.columns) ??
    line(linkSpan(input), ' ', ...(input.guard.glass === null ? [] : [mode, ' ']));
  return spread(left, right, input.columns);
};
