import { type Milliseconds, milliseconds } from '../kernel/units.ts';

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
