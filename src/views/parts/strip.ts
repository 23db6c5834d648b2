import type { Standing, Subsystem } from '../../findings/finding.ts';
import { type EpochMs, minutes } from '../../kernel/units.ts';
import type { World } from '../../kernel/world.ts';
import { type Glyphs, unicodeGlyphs } from './glyphs.ts';
import { type Line, line, lineWidth, type Span, span } from './line.ts';
import { happenedSince } from './notable.ts';
import { sign, toneStyle } from './tone.ts';
import { age } from './words.ts';

const digits: Readonly<Record<Subsystem, string>> = {
  api: '1',
  etcd: '2',
  nodes: '3',
  pods: '4',
  alerts: '5',
};
const names: Readonly<Record<Subsystem, string>> = {
  api: 'api',
  etcd: 'etcd',
  nodes: 'nodes',
  pods: 'pods',
  alerts: 'alerts',
};

/** `✗3 ▲2`: numbers that carry their own signs. */
const signed = new RegExp(`^[${unicodeGlyphs.bad}${unicodeGlyphs.warn}]\\d`);

const own = (part: string): Span =>
  span(
    part,
    part.startsWith(unicodeGlyphs.bad)
      ? 'bad'
      : part.startsWith(unicodeGlyphs.warn)
        ? 'warn'
        : 'plain',
  );

/** What happened for better or worse within this time is counted. */
const recent = minutes(15);

/**
 * Line 2: one cell per subsystem, always in the same place; its digit opens it. Where that is too long, the room
 * between the cells gives way first, then the count and the word at the end, then how old each is: that it is old
 * still shows.
 */
export const stripLine = (
  standings: readonly Standing[],
  world: World,
  now: EpochMs,
  glyphs: Glyphs,
  columns: number,
): Line => {
  const cellsWith = (ages: boolean) =>
    standings.map((s) => {
      const old = ages && s.tone === 'stale' && s.heard !== null ? ` ${age(now - s.heard)}` : '';
      const head = line(span(digits[s.subsystem], 'key'), span(` ${names[s.subsystem]} `, 'dim'));
      if (s.tone !== 'stale' && s.tone !== 'unknown' && signed.test(s.text)) {
        return line(
          head,
          ...s.text.split(' ').flatMap((part, i) => [i === 0 ? '' : ' ', own(part)]),
        );
      }
      return line(
        head,
        sign(s.tone, glyphs),
        span(
          s.text === '' ? old : ` ${s.text}${old}`,
          toneStyle(s.tone === 'good' ? 'info' : s.tone),
        ),
      );
    });
  const lately = happenedSince(world, now - recent);
  const changes = line(span('6', 'key'), span(' changes', 'dim'));
  const counted = line(changes, span(lately === 0 ? '' : ` ${lately}`));
  const joined = (gap: string, last: Line, ages = true): Line =>
    line(' ', ...cellsWith(ages).flatMap((cell) => [cell, gap]), last);
  const forms = [
    joined('  ', counted),
    joined(' ', counted),
    joined(' ', changes),
    joined(' ', line(span('6', 'key'))),
    joined('  ', counted, false),
    joined(' ', counted, false),
  ];
  return forms.find((form) => lineWidth(form) <= columns) ?? joined(' ', changes, false);
};
