import { describe, expect, it } from 'vitest';
import { bytesOf, countOf, cpuOf, quantity } from '../../src/probes/quantity.ts';

describe('quantity', () => {
  it.each<[string, number]>([
    ['0', 0],
    ['1', 1],
    ['+5', 5],
    ['-1.5', -1.5],
    ['.5', 0.5],
    ['5.', 5],
    ['100m', 0.1],
    ['1n', 1e-9],
    ['3u', 3e-6],
    ['2k', 2000],
    ['1M', 1e6],
    ['1G', 1e9],
    ['1T', 1e12],
    ['1P', 1e15],
    ['1E', 1e18],
    ['1Ki', 1024],
    ['1.5Gi', 1.5 * 1024 ** 3],
    ['2Ti', 2 * 1024 ** 4],
    ['1Pi', 1024 ** 5],
    ['1Ei', 1024 ** 6],
    ['2e3', 2000],
    ['2E3', 2000],
    ['1.5e-3', 0.0015],
  ])('given %s, when read, then it is %d', (text, value) => {
    expect(quantity(text)).toBe(value);
  });

  it.each(['', ' 1', '1 ', '1K', 'm', '1mi', '1Kib', '0x10', '1e', '1e3Ki', '--1', 'NaN', '1.2.3'])(
    'given "%s", when read, then it is not one',
    (text) => {
      expect(quantity(text)).toBeNull();
    },
  );

  it.each<[string | undefined, number]>([
    ['100m', 100],
    ['0.1', 100],
    ['1', 1000],
    ['1.5', 1500],
    ['1n', 1],
    ['100u', 1],
    ['2100m', 2100],
    ['29m', 29],
    ['7910m', 7910],
    ['nonsense', 0],
    [undefined, 0],
  ])('given %s of CPU, when read, then it is %d thousandths of a core', (text, value) => {
    expect(cpuOf(text)).toBe(value);
  });

  it.each<[string | undefined, number]>([
    ['128Mi', 134_217_728],
    ['100M', 100_000_000],
    ['1500m', 2],
    ['15728640Ki', 16_106_127_360],
    ['1e9', 1_000_000_000],
    [undefined, 0],
  ])('given %s of memory, when read, then it is %d bytes', (text, value) => {
    expect(bytesOf(text)).toBe(value);
  });

  it('given a number of pods, when read, then it is that', () => {
    expect(countOf('110')).toBe(110);
    expect(countOf(undefined)).toBe(0);
  });
});
