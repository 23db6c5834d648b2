import type { EpochMs, Milliseconds } from '../../kernel/units.ts';

/**
 * Age in at most three characters and a unit: `40s 3m 2h 5d 2y`.
 * Below a minute it moves in steps of ten seconds, since the screen looks at the clock only that often.
 */
export const age = (ms: Milliseconds | number): string => {
  const s = Math.max(0, Math.floor(ms / 1000));
  if (s < 60) return `${Math.floor(s / 10) * 10}s`;
  const m = Math.floor(s / 60);
  if (m < 60) return `${m}m`;
  const h = Math.floor(m / 60);
  if (h < 48) return `${h}h`;
  const d = Math.floor(h / 24);
  return d < 730 ? `${d}d` : `${Math.floor(d / 365)}y`;
};

export const ageOf = (at: number, now: EpochMs): string => (at <= 0 ? '' : age(now - at));

/** `just now`, `20s ago`, `3m ago` */
export const ago = (ms: Milliseconds | number): string =>
  ms < 10_000 ? 'just now' : `${age(ms)} ago`;

/** A whole number with thin groups: `48 213`. */
export const count = (n: number): string => {
  const s = String(Math.round(n));
  return s.length <= 4 ? s : s.replace(/\B(?=(\d{3})+$)/g, ' ');
};

/** `12 pods`, `1 pod` */
export const many = (n: number, one: string, more = `${one}s`): string =>
  `${count(n)} ${n === 1 ? one : more}`;

const three = (n: number): string =>
  n >= 100 ? n.toFixed(0) : n.toFixed(n >= 10 ? 1 : 2).replace(/\.?0+$/, '');

/** Bytes in binary units, at most three significant digits: `1.2 GiB`. */
export const byteSize = (n: number): string => {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  let v = n;
  let i = 0;
  while (v >= 1000 && i < units.length - 1) {
    v /= 1024;
    i += 1;
  }
  return `${i === 0 ? String(v) : three(v)} ${units[i]}`;
};

/** Milli-CPU as kubectl writes it: `250m`, `2`. */
export const cpuText = (milli: number): string =>
  milli >= 1000 && milli % 100 === 0 ? String(milli / 1000) : `${Math.round(milli)}m`;

/** Hours and minutes, or with seconds, in UTC: the clock everybody in the call agrees on. */
export const clockUtc = (at: EpochMs, withSeconds = false): string => {
  const iso = new Date(at).toISOString();
  return iso.slice(11, withSeconds ? 19 : 16);
};

export const dateUtc = (at: EpochMs): string => new Date(at).toISOString().slice(0, 10);

export const percent = (part: number, whole: number): string =>
  whole <= 0 ? '' : `${Math.round((part / whole) * 100)} %`;
