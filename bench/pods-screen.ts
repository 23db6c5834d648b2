import type { Terminal } from '../test/support/terminal.ts';

/** A pod as a row of the screen names it. */
export interface SeenPod {
  readonly namespace: string;
  readonly name: string;
}

/** Pods on the screen, of either program: a line that begins with a known namespace and a name. */
export const podsOn = (text: string, namespaces: ReadonlySet<string>): readonly SeenPod[] =>
  text.split('\n').flatMap((line) => {
    const [namespace = '', name = ''] = line.replace(/^[^a-z0-9]+/, '').split(/\s+/, 2);
    return namespaces.has(namespace) && /^[a-z0-9]/.test(name)
      ? [{ namespace, name: name.replace(/[^a-z0-9.-].*$/, '') }]
      : [];
  });

/** How many pods the title of the table counts, `pods(all)[10 000]`; null before there is one. */
export const podsCounted = (text: string): number | null => {
  const found = /pods\(all\)\[([\d ,.]+)\]/i.exec(text)?.[1];
  return found === undefined ? null : Number(found.replace(/\D/g, ''));
};

/** Tells where the cursor is, without knowing how a program paints it: the ground of every row. */
export const grounds = (terminal: Terminal, rows = 50): string =>
  Array.from({ length: rows }, (_, row) => terminal.groundAt(row, 4)).join(' ');

/** The line of a pod. */
export const lineOf = (text: string, { namespace, name }: SeenPod): string =>
  text.split('\n').find((line) => line.includes(namespace) && line.includes(name)) ?? '';
