import { changesSince } from '../../kernel/moments.ts';
import { chunk, type Recording } from '../../kernel/recording.ts';
import { revision } from '../../kernel/units.ts';
import type { FileRecording } from './file-recording.ts';

/** Every entry as a line of JSON, a few thousand lines at a time. */
export function* exportEntries(recording: Recording): Generator<string> {
  for (let from: number = recording.base + 1; from <= recording.last; from += chunk) {
    const entries = recording.entries(revision(from), revision(from + chunk - 1));
    yield entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
  }
}

/** What changed, as a Markdown list in order of time: the timeline of the screen, without its limit. */
export function* exportTimeline(recording: FileRecording): Generator<string> {
  let day = '';
  for (const changes of changesSince(recording, recording.probes)) {
    let text = '';
    for (const { at, tone, key, text: what } of changes) {
      const [date = '', rest = ''] = new Date(at).toISOString().split('T');
      if (date !== day) text += `${day === '' ? '' : '\n'}## ${date} (UTC)\n\n`;
      day = date;
      const about = key === '' ? '' : `**${asText(key)}** `;
      text += `- \`${rest.slice(0, 8)}\` ${glyph[tone]} ${about}${asText(what)}\n`;
    }
    if (text !== '') yield text;
  }
}

const glyph = { bad: '✗', warn: '▲', good: '✓', info: '·' } as const;

/** Messages are shown as they are, not as the markup that they may happen to look like. */
const asText = (text: string): string => text.replace(/[\\`*_[\]<>#|]/g, '\\$&');
