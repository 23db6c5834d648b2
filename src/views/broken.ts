import { health } from '../findings/health.ts';
import { proofKey, runbookKey } from './keymap.ts';
import { findingDetail, findingRow } from './parts/finding-line.ts';
import { line, span } from './parts/line.ts';
import { many } from './parts/words.ts';
import { type PlainRow, rowsOf, type View } from './view.ts';

/** Everything that is broken or warned about, however long the list. */
export const broken: View = {
  id: 'broken',
  title: 'everything that is broken',
  aliases: ['broken', 'problems', 'findings'],
  keys: [proofKey, runbookKey],
  content: ({ world, now, width, glyphs, place }) => {
    const wanted = place.filter.toLowerCase();
    const all = health(world, now).findings;
    const shown = all.filter((f) =>
      `${f.title} ${f.reason} ${f.detail}`.toLowerCase().includes(wanted),
    );
    const rows = shown.flatMap((f, i): readonly PlainRow[] => {
      const next = shown[i + 1]?.under ?? null;
      const row = findingRow(
        f,
        width,
        now,
        glyphs,
        f.under !== null,
        next !== null && next === f.under,
      );
      const detail = findingDetail(f, width, glyphs, next !== null);
      return [row, ...detail.map((line) => ({ key: `${f.key}/detail`, line }))];
    });
    return {
      title: `broken[${shown.length}]`,
      head: [],
      rows: rowsOf(rows),
      empty: [
        line(
          ' ',
          span(
            all.length === 0
              ? 'nothing is known to be broken'
              : `none of ${many(all.length, 'finding')} matches; esc clears the filter`,
            'dim',
          ),
        ),
      ],
    };
  },
};
