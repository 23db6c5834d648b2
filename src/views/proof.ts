import { health } from '../findings/health.ts';
import { line, span } from './parts/line.ts';
import { proofLines } from './parts/proof-lines.ts';
import { textRows, type View } from './view.ts';

/** What one finding is based on, and how old that is. Args: `finding`, its key. */
export const proof: View = {
  id: 'proof',
  title: 'proof',
  aliases: [],
  keys: [],
  content: ({ world, place, now, width, glyphs }) => {
    const finding = health(world, now).findings.find((f) => f.key === place.args.finding);
    return {
      title: 'proof',
      head: [],
      rows: textRows(finding === undefined ? [] : proofLines(finding, world, now, width, glyphs)),
      empty: [line(' ', span('this is no longer so; esc goes back', 'good'))],
    };
  },
};
