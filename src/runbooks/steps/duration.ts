import { type Milliseconds, milliseconds } from '../../kernel/units.ts';

const units: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
};

/** `90s`, `1h30m`, `5d`, as Go, Prometheus and kubectl write it; null when it is none, or is nothing or less. */
export const durationOf = (text: string): Milliseconds | null => {
  const all = text.trim();
  if (!/^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d|w|y))+$/.test(all) || all.length > 30) return null;
  let sum = 0;
  for (const [, n, unit] of all.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d|w|y)/g)) {
    sum += Number(n) * (units[unit ?? ''] ?? 0);
  }
  return sum > 0 && Number.isSafeInteger(Math.round(sum)) ? milliseconds(Math.round(sum)) : null;
};

/** The shortest way to say it: `30m`, `90s`. */
export const durationText = (ms: Milliseconds): string => {
  for (const unit of ['d', 'h', 'm', 's'] as const) {
    const size = units[unit] ?? 1;
    if (ms >= size && ms % size === 0) return `${ms / size}${unit}`;
  }
  return `${ms}ms`;
};
