/** A whole number with thin groups from five digits on: `48 213`. */
export const countText = (n: number): string => {
  const s = String(Math.round(n));
  return s.length <= 4 ? s : s.replace(/\B(?=(\d{3})+$)/g, ' ');
};

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

const three = (n: number): string =>
  n >= 100 ? n.toFixed(0) : n.toFixed(n >= 10 ? 1 : 2).replace(/\.?0+$/, '');

/** Bytes in binary units, at most three significant digits: `1.2 GiB`. */
export const bytesText = (n: number): string => {
  let left = n;
  let unit = 0;
  while (left >= 1000 && unit < units.length - 1) {
    left /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? String(Math.round(left)) : three(left)} ${units[unit]}`;
};
