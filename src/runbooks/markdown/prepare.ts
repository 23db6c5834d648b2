/** An opening or closing line of a fence: its indentation, its mark and what stands behind it. */
const fenceLine = /^([ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*)(`{3,}|~{3,})(.*)$/;

interface Fence {
  readonly mark: string;
  readonly length: number;
}

/** The fence that is open after a line; null outside. */
export const fenceAfter = (line: string, open: Fence | null): Fence | null => {
  const found = fenceLine.exec(line);
  const mark = found?.[2] ?? '';
  const rest = found?.[3] ?? '';
  if (open === null) {
    if (mark === '' || (mark.startsWith('`') && rest.includes('`'))) return null;
    return { mark: mark.charAt(0), length: mark.length };
  }
  const closes = mark.startsWith(open.mark) && mark.length >= open.length && rest.trim() === '';
  return closes ? null : open;
};

/** Names under which admonitions go elsewhere. */
const tones: ReadonlyMap<string, string> = new Map([
  ['note', 'NOTE'],
  ['info', 'NOTE'],
  ['abstract', 'NOTE'],
  ['seealso', 'NOTE'],
  ['example', 'NOTE'],
  ['tip', 'TIP'],
  ['hint', 'TIP'],
  ['success', 'TIP'],
  ['important', 'IMPORTANT'],
  ['warning', 'WARNING'],
  ['attention', 'WARNING'],
  ['caution', 'CAUTION'],
  ['danger', 'CAUTION'],
  ['error', 'CAUTION'],
  ['failure', 'CAUTION'],
  ['bug', 'CAUTION'],
]);

/** The line of GitHub's form for `:::warning Title`, `!!! warning "Title"` and Hugo's `hint`; null when it is none. */
const opening = (line: string): { readonly head: string; readonly until: RegExp | null } | null => {
  const colons = /^(:{3,})[ \t]*(?:\{?([A-Za-z]+)\}?)(?:\[([^\]]*)\])?[ \t]*(.*)$/.exec(line);
  const colonTone = tones.get((colons?.[2] ?? '').toLowerCase());
  if (colons !== null && colonTone !== undefined) {
    const title = colons[3] ?? colons[4] ?? '';
    return { head: `> [!${colonTone}] ${title}`, until: /^:{3,}[ \t]*$/ };
  }
  const bangs = /^(?:!!!|\?\?\?\+?)[ \t]+([A-Za-z]+)(?:[ \t]+"([^"]*)")?[ \t]*$/.exec(line);
  const bangTone = tones.get((bangs?.[1] ?? '').toLowerCase());
  if (bangTone !== undefined) return { head: `> [!${bangTone}] ${bangs?.[2] ?? ''}`, until: null };
  const hint = /^\{\{[<%][ \t]*(?:hint|alert|notice|admonition)\b([^}]*)\}\}[ \t]*$/.exec(line);
  if (hint === null) return null;
  const said = [...(hint[1] ?? '').matchAll(/[A-Za-z]+/g)].map((m) => m[0].toLowerCase());
  const tone = said.map((word) => tones.get(word)).find((t) => t !== undefined) ?? 'NOTE';
  return {
    head: `> [!${tone}]`,
    until: /^\{\{[<%][ \t]*\/(?:hint|alert|notice|admonition)\b[^}]*\}\}/,
  };
};

/** `{{< ref "x.md" >}}` is the path; of other shortcodes nothing is known. */
const withoutShortcodes = (line: string): string =>
  line.includes('{{<') || line.includes('{{%')
    ? line.replace(/\{\{[<%][^}]{0,500}[>%]\}\}/g, (code) => {
        const path = /(?:ref|relref)\s+"([^"]+)"/.exec(code)?.[1];
        return path ?? '';
      })
    : line;

/**
 * Turns what other tools add to Markdown into what everyone reads: admonitions become quotes as GitHub has them, Hugo's
 * shortcodes go. Lines stay the lines they are, so that places in messages are right; fences stay as they are.
 */
export const prepared = (lines: readonly string[]): readonly string[] => {
  let fence: Fence | null = null;
  let until: RegExp | null = null;
  let inside: 'no' | 'closed' | 'indented' = 'no';
  return lines.map((line) => {
    const was = fence;
    fence = fenceAfter(line, fence);
    if (inside === 'indented') {
      if (line.trim() !== '' && !/^(?: {4}|\t)/.test(line)) inside = 'no';
      else
        return line.trim() === ''
          ? '>'
          : `> ${withoutShortcodes(line.replace(/^(?: {4}|\t)/, ''))}`;
    }
    if (was !== null || fence !== null) return inside === 'closed' ? `> ${line}` : line;
    if (inside === 'closed') {
      if (until?.test(line) !== true) return `> ${withoutShortcodes(line)}`;
      inside = 'no';
      return '';
    }
    const begins = opening(line);
    if (begins === null) return withoutShortcodes(line);
    until = begins.until;
    inside = until === null ? 'indented' : 'closed';
    return begins.head;
  });
};
