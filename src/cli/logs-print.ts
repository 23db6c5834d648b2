import type { LogItem, LogNote } from '../kernel/effect-ports.ts';
import { failed, failure, ok, type Result } from '../kernel/failure.ts';
import { plainText } from '../kernel/text.ts';
import type { LogsFlags } from './logs-intent.ts';

export interface LogFilter {
  /** Whether a line is wanted. */
  readonly wants: (text: string) => boolean;
}

export interface LogPrinter {
  print(items: readonly LogItem[]): void;
  /** Lines that were there, and that were printed. */
  readonly count: { readonly read: number; readonly printed: number };
  /** Something that was asked for is not there: unreadable, or lost. */
  readonly missing: boolean;
}

const regex = (text: string | undefined, what: string): Result<RegExp | null> => {
  if (text === undefined) return ok(null);
  try {
    return ok(new RegExp(text));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return failed(
      failure('misconfigured', 'logs', `--${what} is no regular expression: ${plainText(why)}`, {
        hint: 'put a backslash before what is meant literally',
      }),
    );
  }
};

export const logFilter = ({ grep, exclude }: LogsFlags): Result<LogFilter> => {
  const wanted = regex(grep, 'grep');
  if (!wanted.ok) return wanted;
  const unwanted = regex(exclude, 'exclude');
  if (!unwanted.ok) return unwanted;
  const [yes, no] = [wanted.value, unwanted.value];
  return ok({ wants: (text) => (yes?.test(text) ?? true) && !(no?.test(text) ?? false) });
};

const csi = '\u001b[';
const colours = [36, 32, 33, 35, 34, 96, 92, 93, 95, 94].map((n) => `${csi}${n}m`);
const dim = `${csi}2m`;
const plain = `${csi}0m`;

/** Notes that only matter while somebody watches. */
const quiet: ReadonlySet<LogNote> = new Set(['joined', 'complete']);
const lost: ReadonlySet<LogNote> = new Set(['gap', 'unreadable', 'truncated', 'rotated']);

export interface PrinterOptions {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly colour: boolean;
  readonly flags: Pick<LogsFlags, 'timestamps' | 'json' | 'follow'>;
  readonly filter: LogFilter;
}

/** Prints what is read: lines to one side, what has to be said of them to the other. Nothing in a line is obeyed. */
export const logPrinter = ({ out, err, colour, flags, filter }: PrinterOptions): LogPrinter => {
  const names = new Map<string, string>();
  const count = { read: 0, printed: 0 };
  let missing = false;

  /** Pod and container; without the namespace, which is the same for all. */
  const nameOf = (source: string): string => {
    const known = names.get(source);
    if (known !== undefined) return known;
    const text = plainText(source.split('/').slice(1).join(' ') || source);
    const painted = colour ? `${colours[names.size % colours.length]}${text}${plain}` : text;
    names.set(source, painted);
    return painted;
  };

  const lineText = (item: Extract<LogItem, { kind: 'line' }>): string => {
    const { source, stamp, text, cut } = item;
    if (flags.json === true) {
      const clean = plainText(text);
      return JSON.stringify({
        kind: 'line',
        source,
        time: stamp,
        text: clean,
        ...(cut ? { cut } : {}),
      });
    }
    const parts = [
      // Of one log there is no need to say whose it is.
      ...(names.size > 1 ? [nameOf(source)] : []),
      ...(flags.timestamps === true ? [stamp] : []),
      `${plainText(text)}${cut ? ' … (cut)' : ''}`,
    ];
    return parts.join(' ');
  };

  const tell = (item: Extract<LogItem, { kind: 'note' }>): void => {
    if (item.note === 'joined') nameOf(item.source);
    missing = missing || lost.has(item.note);
    if (flags.json === true) {
      const { source, at, note, text } = item;
      const time = new Date(at).toISOString();
      out(`${JSON.stringify({ kind: 'note', source, time, note, text: plainText(text) })}\n`);
      return;
    }
    const joinedLate = item.note === 'joined' && flags.follow === true && count.read > 0;
    // Whose empty answer it is may be the very mistake.
    const allIsNothing = item.note === 'complete' && item.source === '' && count.read === 0;
    if (quiet.has(item.note) && !joinedLate && !allIsNothing) return;
    const words = [plainText(item.source), item.note, plainText(item.text)];
    const text = words.filter((w, n) => w !== '' && words.indexOf(w) === n).join(': ');
    err(colour ? `${dim}${text}${plain}\n` : `${text}\n`);
  };

  return {
    count,
    get missing() {
      return missing;
    },
    print: (items) => {
      let text = '';
      const flush = (): void => {
        if (text !== '') out(text);
        text = '';
      };
      for (const item of items) {
        if (item.kind === 'note') {
          flush();
          tell(item);
          continue;
        }
        count.read += 1;
        if (!filter.wants(item.text)) continue;
        count.printed += 1;
        text += `${lineText(item)}\n`;
      }
      flush();
    },
  };
};
