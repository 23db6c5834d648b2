/** `40s 3m 2h 5d`, in steps of ten seconds below a minute. */
export const ageText = (ms: number): string => {
  const s = Math.max(0, Math.floor(ms / 1000));
  if (s < 60) return `${Math.floor(s / 10) * 10}s`;
  if (s < 3600) return `${Math.floor(s / 60)}m`;
  if (s < 48 * 3600) return `${Math.floor(s / 3600)}h`;
  return `${Math.floor(s / 86_400)}d`;
};

/** A whole number with thin groups from five digits on: `48 213`. */
export const countText = (n: number): string => {
  const s = String(n);
  return s.length <= 4 ? s : s.replace(/\B(?=(\d{3})+$)/g, ' ');
};

/** `1 pod`, `12 pods` */
export const some = (n: number, one: string, more = `${one}s`): string =>
  `${countText(n)} ${n === 1 ? one : more}`;
