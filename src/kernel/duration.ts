import { type Milliseconds, milliseconds } from './units.ts';

const units: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** `90s`, `10m`, `1h30m`, as Go and kubectl write times; null when it is not one, or not above zero. */
export const parseDuration = (text: string): Milliseconds | null => {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/.test(text)) return null;
  let total = 0;
  for (const [, n, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    total += Number(n) * (units[unit ?? ''] ?? 0);
  }
  return total > 0 && Number.isFinite(total) ? milliseconds(total) : null;
};

const sizes: readonly (readonly [string, number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
];

/** The inverse of `parseDuration`: `1h30m`; `0s` for nothing. Fractions of a millisecond are dropped. */
export const durationText = (duration: Milliseconds): string => {
  let left = Math.max(0, Math.floor(duration));
  let text = '';
  for (const [unit, size] of sizes) {
    const n = Math.floor(left / size);
    if (n > 0) text += `${n}${unit}`;
    left -= n * size;
  }
  return text === '' ? '0s' : text;
};
