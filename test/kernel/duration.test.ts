import { describe, expect, it } from 'vitest';
import { parseDuration } from '../../src/kernel/duration.ts';

describe('parseDuration', () => {
  it.each([
    ['90s', 90_000],
    ['10m', 600_000],
    ['1h30m', 5_400_000],
    ['1.5h', 5_400_000],
    ['250ms', 250],
    ['1m250ms', 60_250],
    ['2d', 172_800_000],
  ])('given %s, then it is %i ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each([
    '',
    '10',
    's',
    '-5m',
    '5 m',
    '1h30',
    '0s',
    '0.0h',
    '5M',
    '1e3s',
    '1.h',
    ' 5m',
    '٥m',
    `${'9'.repeat(400)}d`,
  ])('given "%s", then it is no time', (text) => {
    expect(parseDuration(text)).toBeNull();
  });
});
