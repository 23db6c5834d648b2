/** `8Mi`, `1.5Gi`, `300B`: a size as Kubernetes writes it, with one digit behind the point at most. */
export const sizeText = (bytes: number): string => {
  if (!Number.isFinite(bytes)) return countText(bytes);
  const units = [
    ['Gi', 1024 ** 3],
    ['Mi', 1024 ** 2],
    ['Ki', 1024],
  ] as const;
  const found = units.find(([, size]) => bytes >= size);
  if (found === undefined) return `${bytes}B`;
  const [unit, size] = found;
  return `${Math.round((bytes / size) * 10) / 10}${unit}`;
};

/** A number that may be none. */
export const countText = (count: number): string =>
  Number.isFinite(count) ? String(count) : 'no end of';
