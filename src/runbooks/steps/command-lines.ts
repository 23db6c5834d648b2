import type { Fence } from '../markdown/blocks.ts';

/** One command of a fence, joined from its lines. */
export interface CommandText {
  readonly text: string;
  readonly line: number;
  readonly col: number;
}

export interface CommandLines {
  readonly commands: readonly CommandText[];
  /** Loops, conditions and documents within: only a shell makes sense of it. */
  readonly script: boolean;
  /** The author has marked what is a command; else any line may be one. */
  readonly prompted: boolean;
}

const shells =
  /^(?:sh|bash|shell|zsh|shellsession|shell-session|sh-session|console|terminal|ksh|fish)$/;
const sessions = /^(?:console|shellsession|shell-session|sh-session|terminal|)$/;

/** Languages in which commands are written; without a language it may be anything. */
export const holdsCommands = (language: string): boolean =>
  language === '' || shells.test(language);

const prompt =
  /^\s*(?:\[[^\]]{1,60}\]|[\w.-]{1,60}@[\w.:~/ -]{1,60}|sh-[\d.]{1,6}|bash-[\d.]{1,6})?\s*(?:\$|❯|%)\s+(?=\S)/;
const rootPrompt =
  /^\s*(?:\[[^\]]{1,60}\]|[\w.-]{1,60}@[\w.:~/ -]{1,60}|sh-[\d.]{1,6}|bash-[\d.]{1,6})?\s*#\s+(?=[a-z])/;

const scripted =
  /^\s*(?:for\s+\w+\s+in\b|while\s|until\s|if\s+(?:\[|!|\w)|case\s.*\sin\s*$|function\s|\w+\s*\(\)\s*\{|done\b|fi\b|esac\b|do\b|then\b)|<<-?\s*['"]?\w+/;

/** Whether a quote is still open at the end: then the next line belongs to it. */
const openQuote = (text: string): boolean => {
  let quote = '';
  for (let at = 0; at < text.length; at += 1) {
    const c = text.charAt(at);
    if (c === '\\' && quote !== "'") at += 1;
    else if (quote === '') {
      if (c === '#' && /(?:^|\s)$/.test(text.slice(Math.max(0, at - 1), at))) {
        const end = text.indexOf('\n', at);
        if (end === -1) return false;
        at = end;
      } else if (c === '"' || c === "'") quote = c;
    } else if (c === quote) quote = '';
  }
  return quote !== '';
};

const goesOn = (text: string): boolean =>
  /(?:^|[^\\])(?:\\\\)*\\$/.test(text) || /(?:\||&&)\s*$/.test(text) || openQuote(text);

/** Longest of a command that is put together, in lines. */
const joinedMost = 50;

/** Cuts the code of a fence into commands; what they print and what is said about them is left out. */
export const commandLines = ({ text, info, first, col }: Fence): CommandLines => {
  const lines = text.split('\n');
  const session = sessions.test(info.language);
  const dollars = lines.some((line) => prompt.test(line));
  const begins = (line: string): number | null => {
    const found = prompt.exec(line) ?? (session && !dollars ? rootPrompt.exec(line) : null);
    return found === null ? null : found[0].length;
  };
  const prompted = lines.some((line) => begins(line) !== null);
  const commands: CommandText[] = [];
  for (let n = 0; n < lines.length; n += 1) {
    const line = lines[n] ?? '';
    const cut = prompted ? begins(line) : (/^\s*/.exec(line)?.[0].length ?? 0);
    if (cut === null || line.trim() === '') continue;
    if (!prompted && line.trimStart().startsWith('#')) continue;
    let whole = line.slice(cut).trimEnd();
    const from = n;
    while (goesOn(whole) && n + 1 < lines.length && n - from < joinedMost) {
      n += 1;
      whole += `\n${(lines[n] ?? '').replace(prompted ? /^\s*>\s/ : /^/, '').trimEnd()}`;
    }
    commands.push({ text: whole, line: first + from, col: col + cut });
  }
  const script = commands.some((c) => scripted.test(c.text));
  return { commands, script, prompted };
};
