import type { ActArgs, Intent } from '../../kernel/act.ts';
import type { World } from '../../kernel/world.ts';
import { nextQuestion } from '../act/questions.ts';
import type { Effects } from '../effects.ts';
import type { CommandId } from '../keymap.ts';
import { clockUtc, many } from '../parts/words.ts';
import type { Screen } from '../screen.ts';
import { placeNow, type SessionStore } from '../session.ts';
import { boundsOf, type LogFlow, type LogReading } from './flow.ts';
import { atEnd } from './log-content.ts';
import { keyOf, type LogEntry, placeOfKey } from './log-entry.ts';
import { without } from './log-intent.ts';
import { shownText } from './log-line.ts';
import { logMoments, momentAfter, startOf } from './log-moments.ts';
import { logPrompt } from './log-prompt.ts';
import { entryKey } from './log-rows.ts';
import { stampModeOf, stampModes } from './log-time.ts';

export interface LogMeans {
  readonly session: Pick<SessionStore, 'get' | 'dispatch'>;
  readonly effects: Pick<Effects, 'logs' | 'copy'>;
  readonly world: () => World;
  readonly screen: () => Screen;
}

export const say = (
  { session }: Pick<LogMeans, 'session'>,
  text: string,
  tone: 'warn' | 'info' = 'info',
): void => session.dispatch({ kind: 'notice', notice: { tone, text } });

/** Lines that go into the clipboard, or into a run, at once. */
const copiedMost = 1000;

/** The entry under the cursor. */
export const entryUnder = ({ session, screen }: LogMeans): LogEntry | null => {
  const reading = session.get().logs?.reading;
  const { content, viewport } = screen();
  if (reading == null || viewport.index < 0) return null;
  const place = placeOfKey(entryKey(content.rows.key(viewport.index)));
  if (place === null) return null;
  return reading.buffer.at(reading.buffer.position(place)) ?? null;
};

/** Puts the cursor on an entry that is shown, or the next one in time, in the middle of the screen. */
export const goToEntry = ({ session, screen }: LogMeans, key: string): void => {
  const { content, viewport } = screen();
  const index = Math.max(0, content.rows.indexOf(key));
  const top = Math.max(0, index - (viewport.height >> 1));
  session.dispatch({ kind: 'cursor', cursor: { key: content.rows.key(index), index }, top });
};

/** Marked entries, oldest first; without marks the one under the cursor. */
export const chosen = (flow: LogFlow, means: LogMeans): readonly LogEntry[] => {
  const { reading, marks } = flow;
  if (reading === null) return [];
  const marked = [...marks].flatMap((key) => {
    const place = placeOfKey(key);
    const entry = place === null ? undefined : reading.buffer.at(reading.buffer.position(place));
    return entry !== undefined && keyOf(entry) === key ? [entry] : [];
  });
  if (marked.length > 0)
    return marked.sort((a, b) => a.at - b.at || a.nanos - b.nanos || a.id - b.id);
  const under = entryUnder(means);
  return under === null ? [] : [under];
};

/** With its time and its source, so that it can be told apart elsewhere. */
export const lineOut = (entry: LogEntry): string =>
  `${new Date(entry.at).toISOString()} ${entry.source} ${shownText(entry)}`;

const open = (means: LogMeans, intent: Intent): void => {
  const refused = means.effects.logs.open(intent);
  if (refused !== null) say(means, refused, 'warn');
};

const withWindow = (intent: Intent, args: ActArgs): Intent => ({
  ...intent,
  args: { ...without(intent.args, 'since', 'sinceTime', 'newest', 'tail'), ...args },
});

const windowed = (which: string, { intent, buffer }: LogReading, means: LogMeans): void => {
  if (which === 'tail') return open(means, withWindow(intent, {}));
  if (which !== 'head') return open(means, withWindow(intent, { since: which }));
  const at = startOf(means.world(), buffer.sources.keys());
  if (at === null) return say(means, 'when the container began is not known here', 'warn');
  open(means, withWindow(intent, { sinceTime: new Date(at).toISOString() }));
};

const newest = ({ intent, asked }: LogReading, means: LogMeans): void => {
  const n = asked.facts.policy.logs.newest;
  if (n <= 0)
    return say(means, 'the policy does not have the newest lines whenever they were', 'warn');
  const { args } = withWindow(intent, { newest: String(n) });
  open(means, { ...intent, args: without(args, 'follow') });
};

const turnedBack = ({ intent }: LogReading, means: LogMeans): void => {
  const isBack = intent.action === 'logs-previous' || intent.args.previous === 'true';
  const args = without(intent.args, 'previous', 'follow');
  open(means, {
    ...intent,
    action: isBack ? 'logs' : 'logs-previous',
    args: isBack ? { ...args, follow: 'yes' } : args,
  });
};

const searched = (by: 1 | -1, reading: LogReading, means: LogMeans): void => {
  const { lens } = reading;
  const { rows } = means.screen().content;
  const under = entryUnder(means);
  const at = under === null ? rows.length : reading.lens.entries.indexOf(under);
  for (let i = at + by; i >= 0 && i < lens.entries.length; i += by) {
    const entry = lens.entries[i] as LogEntry;
    const hit = lens.matcher.active
      ? entry.note === ''
      : entry.severity === 'error' || entry.severity === 'fatal';
    if (hit) return goToEntry(means, keyOf(entry));
  }
  const what = lens.matcher.active ? 'match' : 'error';
  say(means, by === 1 ? `no ${what} after this one` : `no ${what} before this one`);
};

const event = (reading: LogReading, means: LogMeans): void => {
  const at = entryUnder(means)?.at ?? reading.buffer.at(0)?.at;
  const moment =
    at === undefined
      ? null
      : momentAfter(logMoments(means.world(), reading.buffer.sources.keys()), at);
  if (moment === null) return say(means, 'nothing is known to have happened to these pods');
  goToEntry(means, `${moment.at}.0.0`);
  say(means, `${clockUtc(moment.at, true)} ${moment.text}`);
};

const otherSource = (by: 1 | -1, { buffer }: LogReading, means: LogMeans): void => {
  const { session } = means;
  const all = ['', ...buffer.sources.keys()];
  if (all.length < 3) return say(means, 'there is only one container');
  const now = all.indexOf(placeNow(session.get()).args.source ?? '');
  const source = all[(now + by + all.length) % all.length] ?? '';
  session.dispatch({ kind: 'args', args: { source } });
};

const toggled = (name: string, { session }: LogMeans): void => {
  const on = placeNow(session.get()).args[name] === 'yes';
  session.dispatch({ kind: 'args', args: { [name]: on ? '' : 'yes' } });
};

const shifted = (by: number, { session }: LogMeans): void => {
  const shift = Math.max(0, Number(placeNow(session.get()).args.shift ?? '0') + by);
  session.dispatch({ kind: 'args', args: { shift: shift === 0 ? '' : String(shift) } });
};

const marked = ({ marks }: LogFlow, means: LogMeans): void => {
  const entry = entryUnder(means);
  if (entry === null) return;
  const key = keyOf(entry);
  const next = new Set(marks);
  if (!next.delete(key)) next.add(key);
  if (next.size > copiedMost) return say(means, `${copiedMost} lines may be marked`, 'warn');
  means.session.dispatch({ kind: 'logs', event: { kind: 'marks', marks: next } });
};

const copied = (flow: LogFlow, means: LogMeans): void => {
  const lines = chosen(flow, means).map(lineOut);
  if (lines.length === 0) return say(means, 'there is no line to copy');
  means.effects.copy(lines.join('\n'));
  say(means, `copied ${many(lines.length, 'line')}, without what looks like a secret`);
};

const attached = (flow: LogFlow, reading: LogReading, means: LogMeans): void => {
  const lines = chosen(flow, means).map(lineOut);
  if (lines.length === 0) return say(means, 'mark lines with m first');
  const refused = means.effects.logs.attach(reading.asked.plan.title, lines, false);
  if (refused !== null) say(means, refused, 'warn');
};

/** R: says what the guards wait for, or follows anew for as long as the policy has it. */
const answered = (flow: LogFlow, means: LogMeans): void => {
  const { question, reading } = flow;
  if (question?.kind === 'waiting') {
    const next = nextQuestion(question.asked.plan, question.asked.verdict, question.given);
    if (next === null) return;
    return means.session.dispatch({
      kind: 'prompt',
      prompt: logPrompt('agree', next, question.asked.plan.typed),
    });
  }
  if (question !== null && question.kind !== 'asking') return open(means, question.intent);
  if (reading === null) return;
  if (boundsOf(reading.asked)?.lease == null) return open(means, reading.intent);
  const refused = means.effects.logs.follow(true);
  if (refused !== null) say(means, refused, 'warn');
};

const followed = ({ result, until }: LogReading, means: LogMeans): void => {
  const refused = means.effects.logs.follow(result !== null || until === null);
  if (refused !== null) say(means, refused, 'warn');
};

/** Esc gives up one thing at a time: what was asked for last, the filter, the place. */
const left = ({ session, effects }: LogMeans): void => {
  const { logs, help } = session.get();
  if (help) return session.dispatch({ kind: 'toggle', what: 'help' });
  if (logs?.question != null && logs.reading !== null) return effects.logs.letGo();
  if (placeNow(session.get()).filter !== '') return session.dispatch({ kind: 'filter', text: '' });
  session.dispatch({ kind: 'back' });
};

/** What a key of the view `logs` does. */
export const runLogs = (command: CommandId, means: LogMeans): void => {
  const { session } = means;
  if (command === 'logs.leave') return left(means);
  const flow = session.get().logs;
  if (flow === null) return say(means, 'no logs are read; l on a pod reads them');
  if (command === 'logs.answer') return answered(flow, means);
  const { reading } = flow;
  if (reading === null) return;
  if (command.startsWith('logs.window.')) return windowed(command.slice(12), reading, means);
  const run: Partial<Record<CommandId, () => void>> = {
    'logs.follow': () => followed(reading, means),
    'logs.next': () => searched(1, reading, means),
    'logs.before': () => searched(-1, reading, means),
    'logs.previous': () => turnedBack(reading, means),
    'logs.newest': () => newest(reading, means),
    'logs.wrap': () => toggled('wrap', means),
    'logs.raw': () => toggled('raw', means),
    'logs.stamps': () => {
      const now = stampModeOf(placeNow(session.get()).args.stamps);
      const next = stampModes[(stampModes.indexOf(now) + 1) % stampModes.length] ?? 'utc';
      session.dispatch({ kind: 'args', args: { stamps: next } });
    },
    'logs.time': () => session.dispatch({ kind: 'prompt', prompt: logPrompt('time') }),
    'logs.save': () => session.dispatch({ kind: 'prompt', prompt: logPrompt('path') }),
    'logs.event': () => event(reading, means),
    'logs.source': () => otherSource(1, reading, means),
    'logs.sourceBack': () => otherSource(-1, reading, means),
    'logs.mark': () => marked(flow, means),
    'logs.copy': () => copied(flow, means),
    'logs.evidence': () => attached(flow, reading, means),
    'logs.right': () => shifted(20, means),
    'logs.left': () => shifted(-20, means),
    'logs.end': () => session.dispatch({ kind: 'cursor', cursor: atEnd, top: atEnd.index }),
  };
  run[command]?.();
};
