import { describe, expect, it } from 'vitest';
import { byteSize } from '../../../src/views/parts/words.ts';

const mib = 1024 ** 2;

describe('byteSize', () => {
  it.each([
    [0, '0 B'],
    [120, '120 B'],
    [100 * mib, '100 MiB'],
    [120 * mib, '120 MiB'],
    [490 * mib, '490 MiB'],
    [10 * mib, '10 MiB'],
    [1.5 * mib, '1.5 MiB'],
    [1024 * mib, '1 GiB'],
    [20.25 * 1024 * mib, '20.3 GiB'],
  ])('given %i bytes, when it is written, then it is %s', (bytes, text) => {
    expect(byteSize(bytes)).toBe(text);
  });
});
