/** Signs of the screen. The ASCII set is for terminals whose locale or type cannot show the other. */
export interface Glyphs {
  readonly bad: string;
  readonly warn: string;
  readonly good: string;
  readonly unknown: string;
  readonly progress: string;
  readonly muted: string;
  readonly stale: string;
  readonly cursor: string;
  readonly runbook: string;
  readonly rule: string;
  readonly branch: string;
  readonly branchEnd: string;
  readonly stem: string;
  readonly enter: string;
  readonly arrow: string;
  readonly full: string;
  readonly empty: string;
  readonly caret: string;
  readonly ellipsis: string;
  readonly up: string;
  readonly down: string;
  readonly play: string;
  readonly pause: string;
  readonly head: string;
  readonly tick: string;
  /** A moment that somebody has named. */
  readonly mark: string;
  readonly railStart: string;
  readonly railEnd: string;
  /** Bars from the lowest to the highest. */
  readonly bar1: string;
  readonly bar2: string;
  readonly bar3: string;
  readonly bar4: string;
  readonly bar5: string;
}

export const unicodeGlyphs: Glyphs = {
  bad: '✗',
  warn: '▲',
  good: '✓',
  unknown: '?',
  progress: '…',
  muted: '○',
  stale: '◌',
  cursor: '❯',
  runbook: '⎇',
  rule: '─',
  branch: '├',
  branchEnd: '└',
  stem: '│',
  enter: '⏎',
  arrow: '→',
  full: '█',
  empty: '░',
  caret: '▌',
  ellipsis: '…',
  up: '↑',
  down: '↓',
  play: '❯',
  pause: '‖',
  head: '●',
  tick: '┬',
  mark: '◆',
  railStart: '├',
  railEnd: '┤',
  bar1: '▁',
  bar2: '▂',
  bar3: '▃',
  bar4: '▅',
  bar5: '▇',
};

export const asciiGlyphs: Glyphs = {
  bad: 'x',
  warn: '!',
  good: '+',
  unknown: '?',
  progress: '.',
  muted: 'o',
  stale: '~',
  cursor: '>',
  runbook: 'R',
  rule: '-',
  branch: '|',
  branchEnd: '`',
  stem: '|',
  enter: 'enter',
  arrow: '->',
  full: '#',
  empty: '.',
  caret: '_',
  ellipsis: '..',
  up: '^',
  down: 'v',
  play: '>',
  pause: '=',
  head: 'O',
  tick: '+',
  mark: '#',
  railStart: '|',
  railEnd: '|',
  bar1: '_',
  bar2: '.',
  bar3: '-',
  bar4: '=',
  bar5: '#',
};

/** Text in which only ASCII may appear: our own signs are mapped, anything else becomes `?`. */
export const toAscii = (text: string): string => {
  let out = text;
  for (const key of Object.keys(unicodeGlyphs) as (keyof Glyphs)[]) {
    out = out.replaceAll(unicodeGlyphs[key], asciiGlyphs[key]);
  }
  return out.replace(/[^\x20-\x7e]/gu, '?');
};
