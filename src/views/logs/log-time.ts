import type { EpochMs } from '../../kernel/units.ts';

export const stampModes = ['utc', 'local', 'age', 'off'] as const;
/** How the time of a line is told. */
export type StampMode = (typeof stampModes)[number];

export const stampModeOf = (text: string | undefined): StampMode =>
  stampModes.find((m) => m === text) ?? 'utc';

const two = (n: number): string => String(n).padStart(2, '0');

/** `21:43:05.123`; the age as `-2m05s`. As wide for every line. */
export const stampText = (at: EpochMs, mode: StampMode, now: EpochMs): string => {
  switch (mode) {
    case 'utc':
      return new Date(at).toISOString().slice(11, 23);
    case 'local': {
      const d = new Date(at);
      const ms = String(d.getMilliseconds()).padStart(3, '0');
      return `${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}.${ms}`;
    }
    case 'age': {
      const s = Math.max(0, Math.floor((now - at) / 1000));
      if (s < 60) return `-${s}s`.padStart(8);
      if (s < 3600) return `-${Math.floor(s / 60)}m${two(s % 60)}s`.padStart(8);
      const h = Math.floor(s / 3600);
      return (
        h < 100 ? `-${h}h${two(Math.floor(s / 60) % 60)}m` : `-${Math.floor(h / 24)}d`
      ).padStart(8);
    }
    case 'off':
      return '';
  }
};

const day = 86_400_000;

/**
 * `21:43` or `21:43:05` as the last such time of day before now, in UTC, or of this machine where `local`; `-5m` from
 * now; a timestamp. Null where it is none of these.
 */
export const timeWanted = (text: string, now: EpochMs, local: boolean): EpochMs | null => {
  const wanted = text.trim();
  const [, h, m, s] = /^(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)?Z?$/.exec(wanted) ?? [];
  if (h !== undefined) {
    if (Number(h) > 23 || Number(m) > 59 || Number(s ?? 0) > 59) return null;
    const start = local ? new Date(now).setHours(0, 0, 0, 0) : Math.floor(now / day) * day;
    const at = start + (Number(h) * 3600 + Number(m) * 60 + Number(s ?? 0)) * 1000;
    return (at > now ? at - day : at) as EpochMs;
  }
  const [, n, unit] = /^-(\d{1,6})(s|m|h)$/.exec(wanted) ?? [];
  if (n !== undefined) {
    const ms = unit === 's' ? 1000 : unit === 'm' ? 60_000 : 3_600_000;
    return (now - Number(n) * ms) as EpochMs;
  }
  if (!/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(wanted)) return null;
  const at = Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/.test(wanted) || local ? wanted : `${wanted}Z`);
  return Number.isNaN(at) ? null : (at as EpochMs);
};
