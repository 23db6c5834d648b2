import { describe, expect, it } from 'vitest';
import { epochMs } from '../../../src/kernel/units.ts';
import { asciiGlyphs, unicodeGlyphs } from '../../../src/views/parts/glyphs.ts';
import { lineText } from '../../../src/views/parts/line.ts';
import { type ReplayStatus, timebar } from '../../../src/views/parts/timebar.ts';

const tick = (
  seconds: number,
  tone: 'bad' | 'good' | 'info',
  kind: 'mark' | 'change' = 'change',
) => ({
  kind,
  at: epochMs(seconds * 1000),
  tone,
});
const status = (moments: ReplayStatus['moments']): ReplayStatus => ({
  playing: false,
  speed: 1,
  start: epochMs(0),
  end: epochMs(100_000),
  at: epochMs(100_000),
  rev: 9,
  moments,
});

describe('the scrubber', () => {
  it('given a mark among moments, then it has a sign of its own, and goes before all that is beside it', () => {
    const moments = [tick(0, 'bad'), tick(50, 'bad'), tick(50, 'info', 'mark'), tick(50, 'good')];
    const rail = (glyphs: typeof unicodeGlyphs) =>
      lineText(timebar(status(moments), 80, glyphs))
        .replace(/[─-]+/g, '-')
        .split(' ')[5];
    expect(rail(unicodeGlyphs)).toBe('├┬-◆-●┤');
    expect(rail(asciiGlyphs)).toBe('|+-#-O|');
  });
});
