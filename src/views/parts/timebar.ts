import type { Moment } from '../../kernel/moments.ts';
import type { EpochMs } from '../../kernel/units.ts';
import type { Glyphs } from './glyphs.ts';
import { type Line, line, lineWidth, span } from './line.ts';
import { clockUtc } from './words.ts';

/** Where a replay stands, as far as the screen shows it. */
export interface ReplayStatus {
  readonly playing: boolean;
  readonly speed: number;
  readonly start: EpochMs;
  readonly end: EpochMs;
  readonly at: EpochMs;
  readonly rev: number;
  /** Moments that matter, oldest first. */
  readonly moments: readonly Pick<Moment, 'kind' | 'at' | 'tone'>[];
}

type Tick = ReplayStatus['moments'][number];

const strength = { info: 0, good: 1, warn: 2, bad: 3 } as const;

const isStronger = (a: Tick, b: Tick): boolean =>
  a.kind === b.kind ? strength[a.tone] > strength[b.tone] : a.kind === 'mark';

/** One moment for each cell: a mark before all others, else the worst. */
const strongest = (
  moments: readonly Tick[],
  cell: (at: number) => number,
): ReadonlyMap<number, Tick> => {
  const ticks = new Map<number, Tick>();
  for (const m of moments) {
    const c = cell(m.at);
    const was = ticks.get(c);
    if (was === undefined || isStronger(m, was)) ticks.set(c, m);
  }
  return ticks;
};

/**
 * The scrubber of a replay: speed, time span with a tick for each moment that matters and a sign of its own for each
 * that somebody has named, and where we are.
 */
export const timebar = (status: ReplayStatus, columns: number, glyphs: Glyphs): Line => {
  const left = line(
    ' ',
    span(status.playing ? glyphs.play : glyphs.pause, 'here'),
    ` ${Number.isFinite(status.speed) ? `${status.speed}x` : 'max'}  `,
    span(clockUtc(status.start), 'dim'),
    ' ',
  );
  const right = line(
    ' ',
    span(clockUtc(status.end), 'dim'),
    '  ',
    span(clockUtc(status.at, true), 'title'),
    span(`  r${status.rev} `, 'dim'),
  );
  const room = columns - lineWidth(left) - lineWidth(right) - 2;
  if (room < 8) return line(left, right);
  const span0 = Math.max(1, status.end - status.start);
  const cell = (at: number): number =>
    Math.max(0, Math.min(room - 1, Math.round(((at - status.start) / span0) * (room - 1))));
  const cells: { text: string; style: 'dim' | 'bad' | 'warn' | 'good' | 'here' | 'title' }[] =
    Array.from({ length: room }, () => ({
      text: glyphs.rule,
      style: 'dim',
    }));
  for (const [c, m] of strongest(status.moments, cell)) {
    cells[c] =
      m.kind === 'mark'
        ? { text: glyphs.mark, style: 'title' }
        : { text: glyphs.tick, style: m.tone === 'info' ? 'dim' : m.tone };
  }
  cells[cell(status.at)] = { text: glyphs.head, style: 'here' };
  return line(
    left,
    span(glyphs.railStart, 'dim'),
    ...cells.map((c) => span(c.text, c.style)),
    span(glyphs.railEnd, 'dim'),
    right,
  );
};
