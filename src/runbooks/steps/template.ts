import type { Template, TemplatePart } from '../parameter.ts';

export const literal = (text: string): Template => (text === '' ? [] : [{ kind: 'text', text }]);

/** The text of a template without parameters; null when it has some. */
export const literalOf = (template: Template): string | null =>
  template.every((part) => part.kind === 'text')
    ? template.map((part) => (part.kind === 'text' ? part.text : '')).join('')
    : null;

/** As a person reads it: `etcd-${pod}`. */
export const templateText = (template: Template): string =>
  template.map((part) => (part.kind === 'text' ? part.text : `\${${part.name}}`)).join('');

export const joined = (parts: readonly TemplatePart[]): Template => {
  const out: TemplatePart[] = [];
  for (const part of parts) {
    const last = out.at(-1);
    if (part.kind === 'text' && part.text === '') continue;
    if (part.kind === 'text' && last?.kind === 'text') {
      out[out.length - 1] = { kind: 'text', text: last.text + part.text };
    } else out.push(part);
  }
  return out;
};

/** Cut at the first place of `mark` in the text that is written; null when it is not there. */
export const cutAt = (template: Template, mark: string): readonly [Template, Template] | null => {
  for (const [n, part] of template.entries()) {
    const at = part.kind === 'text' ? part.text.indexOf(mark) : -1;
    if (part.kind !== 'text' || at === -1) continue;
    return [
      joined([...template.slice(0, n), { kind: 'text', text: part.text.slice(0, at) }]),
      joined([{ kind: 'text', text: part.text.slice(at + mark.length) }, ...template.slice(n + 1)]),
    ];
  }
  return null;
};
