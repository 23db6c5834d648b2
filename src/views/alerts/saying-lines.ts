import type { Saying, StreamItem, StreamSource } from '../../findings/alert-stream.ts';
import type { Pen } from '../describe/detail.ts';
import { type Line, line, span } from '../parts/line.ts';
import type { AnyTone } from '../parts/tone.ts';
import { ageOf, ago } from '../parts/words.ts';

const sayingTone = ({ state, fresh }: Saying): AnyTone => {
  if (!fresh) return 'stale';
  if (state === 'firing') return 'warn';
  return state === 'resolved' || state === 'silent' ? 'muted' : 'progress';
};

const sayingWords: Readonly<Record<Saying['state'], string>> = {
  firing: 'has it firing',
  suppressed: 'has it suppressed',
  unprocessed: 'has it, and has not routed it yet',
  pending: 'has it pending',
  resolved: 'says that it is over',
  silent: 'does not have it',
};

/** When the source of a word was heard last: of one that is heard now, the stream tells. */
const heardAt = (said: Saying, sources: readonly StreamSource[]): number | null => {
  const times = sources.flatMap((s) => (s.name === said.source ? (s.heard ?? []) : []));
  return said.heard ?? (times.length === 0 ? null : Math.max(...times));
};

/** What each source says, and how old that is. */
export const sayingLines = (
  item: StreamItem,
  sources: readonly StreamSource[],
  pen: Pick<Pen, 'now' | 'glyphs'>,
): readonly Line[] =>
  item.says.map((said) => {
    const at = heardAt(said, sources);
    const tone = sayingTone(said);
    const since = said.since === null ? '' : ` for ${ageOf(said.since, pen.now)}`;
    const heard = at === null ? 'never heard' : `heard ${ago(pen.now - at)}`;
    return line(
      span(tone === 'stale' ? pen.glyphs.stale : pen.glyphs[tone === 'info' ? 'unknown' : tone]),
      ' ',
      span(said.source, 'title'),
      `  ${sayingWords[said.state]}${since}`,
      span(`  ${heard}${said.fresh ? '' : ', not heard now: what it said last'}`, 'dim'),
    );
  });
