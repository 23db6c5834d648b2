import { failed, failure, ok, type Result } from '../../kernel/failure.ts';

const nanosecondsOf: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1000n],
  ['µs', 1000n],
  ['μs', 1000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
]);

/** What 64 bits hold: some 292 years. */
const most = (1n << 63n) - 1n;

const wrong = (text: string, why: string): Result<never> =>
  failed(failure('misconfigured', 'read a duration', `'${text.slice(0, 60)}': ${why}`));

/**
 * A duration as Go reads it, in nanoseconds: `1h30m`, `1.5h`, `90s`, `0`; a sign may stand before it. There are no days.
 * What is finer than a nanosecond is dropped.
 */
export const parseGoDuration = (text: string): Result<bigint> => {
  const sign = /^[-+]/.exec(text)?.[0] ?? '';
  const rest = text.slice(sign.length);
  if (rest === '0') return ok(0n);
  if (!/^(?:(?:\d+\.?\d*|\.\d+)[^\d.]+)+$/.test(rest)) return wrong(text, 'write it as 1h30m');
  let total = 0n;
  for (const [, whole = '', part = '', unit = ''] of rest.matchAll(/(\d*)\.?(\d*)([^\d.]+)/g)) {
    const size = nanosecondsOf.get(unit);
    if (size === undefined) return wrong(text, `there is no unit ${unit.slice(0, 20)}`);
    total += BigInt(whole === '' ? '0' : whole) * size;
    // Digits beyond these are below a nanosecond even of hours.
    const digits = part.slice(0, 18);
    if (digits !== '') total += (BigInt(digits) * size) / 10n ** BigInt(digits.length);
  }
  if (total > most) return wrong(text, 'it is longer than can be counted');
  return ok(sign === '-' ? -total : total);
};
