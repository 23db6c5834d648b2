interface Run {
  readonly char: string;
  readonly length: number;
  readonly at: number;
  readonly opens: boolean;
  readonly closes: boolean;
}

const isWord = (char: string | undefined): boolean =>
  char !== undefined && /^[\p{L}\p{N}]$/u.test(char);

const runsIn = (text: string): readonly Run[] =>
  [...text.matchAll(/\\.|\*+|_+|`+/gs)].flatMap(({ 0: run, index: at }) => {
    if (run.startsWith('\\')) return [];
    const before = text[at - 1];
    const after = text[at + run.length];
    const char = run.charAt(0);
    // Underscores inside a word are part of it: `kube_pod_info`.
    const bound = char === '_';
    return [
      {
        char,
        length: run.length,
        at,
        opens: after !== undefined && /\S/.test(after) && !(bound && isWord(before)),
        closes: before !== undefined && /\S/.test(before) && !(bound && isWord(after)),
      },
    ];
  });

/** Takes the marks of emphasis and code out of a line, where both of a pair are there. */
export const plainMarkdown = (text: string): string => {
  const open = new Map<string, Run[]>();
  const marks: Run[] = [];
  for (const run of runsIn(text)) {
    const key = run.char.repeat(Math.min(run.length, 4));
    const waiting = open.get(key) ?? [];
    const opener = run.closes ? waiting.pop() : undefined;
    if (opener !== undefined) marks.push(opener, run);
    else if (run.opens && run.length <= 3) waiting.push(run);
    open.set(key, waiting);
  }
  let from = 0;
  let out = '';
  for (const { at, length } of marks.toSorted((a, b) => a.at - b.at)) {
    out += text.slice(from, at);
    from = at + length;
  }
  return (out + text.slice(from)).replace(/\\([\\`*_{}[\]()#+.!<>~|-])/g, '$1');
};
