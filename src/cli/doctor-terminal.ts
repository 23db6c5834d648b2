import { bad, type DoctorLine, fine, warn } from './doctor-line.ts';
import { showsUtf8 } from './terminal-look.ts';

export interface Terminal {
  /** `process.versions.node` */
  readonly node: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly columns: number;
  readonly rows: number;
}

/** The oldest Node.js that has what is used: zstd, `Promise.withResolvers`, workers that share memory. */
const oldestNode = [22, 19] as const;
/** The screen is drawn for this; it gives way below, and says so. */
const comfortable = { columns: 80, rows: 24 };
const least = { columns: 40, rows: 10 };

const nodeLine = ({ node }: Terminal): DoctorLine => {
  const [major = 0, minor = 0] = node.split('.').map(Number);
  const enough = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
  return enough
    ? fine('node', `Node.js ${node}`)
    : bad('node', `Node.js ${node} is too old`, `install Node.js ${oldestNode.join('.')} or newer`);
};

const screenLine = ({ env, stdin, stdout }: Terminal): DoctorLine => {
  const term = env.TERM ?? '';
  if (!stdin || !stdout) {
    const which = stdout ? 'the input' : 'the output';
    return warn(
      'terminal',
      `${which} is not a terminal: the plain report is printed instead of the screen`,
      'over SSH, ask for one with ssh -t',
    );
  }
  return term === '' || term === 'dumb'
    ? warn(
        'terminal',
        `TERM is ${term === '' ? 'not set' : term}: the plain report is printed instead of the screen`,
        'set TERM to what your terminal is, e.g. export TERM=xterm-256color',
      )
    : fine('terminal', `TERM=${term}`);
};

const colourLine = ({ env }: Terminal): DoctorLine => {
  if ((env.NO_COLOR ?? '') !== '') return fine('colours', 'none: NO_COLOR is set');
  if (/truecolor|24bit/i.test(env.COLORTERM ?? '')) return fine('colours', 'true colour');
  if (/256/.test(env.TERM ?? '')) return fine('colours', '256');
  return fine('colours', 'the 16 of every terminal; states never depend on them');
};

const textLine = ({ env }: Terminal): DoctorLine =>
  showsUtf8(env)
    ? fine('signs', 'UTF-8')
    : warn(
        'signs',
        'the locale does not say UTF-8: plain ASCII signs are used',
        'export LC_ALL=C.UTF-8, or set glyphs: unicode in the configuration',
      );

const sizeLine = ({ columns, rows, stdout }: Terminal): DoctorLine => {
  const text = `${columns} x ${rows}`;
  if (!stdout || columns === 0) return fine('size', 'no terminal, no size');
  if (columns < least.columns || rows < least.rows) {
    return bad('size', `${text} is too small to read`, 'enlarge the window or the tmux pane');
  }
  return columns < comfortable.columns || rows < comfortable.rows
    ? warn('size', `${text}: some columns are left out`, 'best from 80 x 24 on')
    : fine('size', text);
};

const multiplexerLine = ({ env }: Terminal): readonly DoctorLine[] => {
  const term = env.TERM ?? '';
  if ((env.TMUX ?? '') !== '') {
    return /^(tmux|screen)/.test(term)
      ? [fine('tmux', 'inside tmux')]
      : [
          warn(
            'tmux',
            `inside tmux, but TERM is ${term === '' ? 'not set' : term}`,
            'set -g default-terminal "tmux-256color" in tmux.conf',
          ),
        ];
  }
  return (env.STY ?? '') === '' ? [] : [fine('screen', 'inside screen')];
};

/** What the machine and the terminal allow. Pure. */
export const terminalLines = (t: Terminal): readonly DoctorLine[] => [
  nodeLine(t),
  screenLine(t),
  colourLine(t),
  textLine(t),
  sizeLine(t),
  ...multiplexerLine(t),
];
