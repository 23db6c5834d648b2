import type { Glyphs } from './glyphs.ts';
import { type Span, type Style, span } from './line.ts';

export type AnyTone = 'bad' | 'warn' | 'good' | 'info' | 'unknown' | 'stale' | 'progress' | 'muted';

const styles: Readonly<Record<AnyTone, Style>> = {
  bad: 'bad',
  warn: 'warn',
  good: 'good',
  info: 'plain',
  unknown: 'warn',
  stale: 'dim',
  progress: 'here',
  muted: 'dim',
};

/** The sign of a tone in its colour; the sign alone is enough to tell it. */
export const sign = (tone: AnyTone, glyphs: Glyphs): Span =>
  tone === 'info' ? span(' ') : span(glyphs[tone], styles[tone]);

export const toneStyle = (tone: AnyTone): Style => styles[tone];
