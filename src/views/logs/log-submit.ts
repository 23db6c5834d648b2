import type { EpochMs } from '../../kernel/units.ts';
import { placeNow } from '../session.ts';
import { chosen, goToEntry, type LogMeans, lineOut, say } from './log-commands.ts';
import type { LogEntry } from './log-entry.ts';
import type { LogPrompt } from './log-prompt.ts';
import { stampModeOf, timeWanted } from './log-time.ts';

const again = (prompt: LogPrompt, hint: string, { session }: LogMeans): void =>
  session.dispatch({ kind: 'prompt', prompt: { ...prompt, text: '', hint } });

const goToTime = (prompt: LogPrompt, means: LogMeans): void => {
  const { session } = means;
  const flow = session.get().logs;
  const first = flow?.reading?.lens.entries[0];
  const isLocal = stampModeOf(placeNow(session.get()).args.stamps) === 'local';
  const at = timeWanted(prompt.text, flow?.at ?? (0 as EpochMs), isLocal);
  if (at === null) return again(prompt, 'that is no time; 21:43:05, -5m or a timestamp', means);
  if (first === undefined) return;
  goToEntry(means, `${at}.0.0`);
  if (at < first.at) say(means, 'the lines that are here begin later');
};

/** With the time as it was written down, and as it came: only where somebody asks for that. */
const rawOut = (entry: LogEntry): string =>
  `${new Date(entry.at).toISOString()} ${entry.source} ${entry.text}`;

function* outOf(all: readonly LogEntry[], text: (entry: LogEntry) => string): Iterable<string> {
  for (const entry of all) yield text(entry);
}

const save = (prompt: LogPrompt, means: LogMeans): void => {
  const flow = means.session.get().logs;
  if (flow?.reading == null) return;
  const [, asItCame, path = ''] = /^(unredacted\s+)?(.*)$/.exec(prompt.text.trim()) ?? [];
  if (path === '') return again(prompt, 'the path of a new file goes here', means);
  const all = flow.marks.size > 0 ? chosen(flow, means) : flow.reading.lens.entries;
  // One after the other, while they are written: all at once would make a key wait.
  means.effects.logs.save(path, outOf([...all], asItCame === undefined ? lineOut : rawOut));
};

/** Enter in a prompt of logs. */
export const submitLog = (prompt: LogPrompt, means: LogMeans): void => {
  const { session, effects } = means;
  session.dispatch({ kind: 'prompt', prompt: null });
  if (prompt.what === 'time') return goToTime(prompt, means);
  if (prompt.what === 'path') return save(prompt, means);
  const wrong = effects.logs.answer(prompt.text);
  if (wrong !== null) again(prompt, wrong, means);
};
