/** Whether a name matches a pattern in which `*` stands for anything; case does not matter. */
export const globMatches = (pattern: string, name: string): boolean => {
  const parts = pattern.toLowerCase().split('*');
  const text = name.toLowerCase();
  const [first = ''] = parts;
  const last = parts.at(-1) ?? '';
  if (parts.length === 1) return text === first;
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  let at = first.length;
  const end = text.length - last.length;
  // The leftmost place for each part leaves the most room for the rest.
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found === -1 || found + part.length > end) return false;
    at = found + part.length;
  }
  return at <= end;
};
