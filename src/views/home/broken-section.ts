import type { AlertStream } from '../../findings/alert-stream.ts';
import type { Finding } from '../../findings/finding.ts';
import { alertTarget } from '../parts/alert-line.ts';
import { findingDetail, findingRow } from '../parts/finding-line.ts';
import type { PlainRow, ViewInput } from '../view.ts';
import { moreRow, type Section, titleRow } from './section.ts';

/** Lines that the other parts of the screen take at their least. */
const others = 13;
/** What is broken gets so many lines before the others get more than their least. */
const first = { least: 4, most: 9 } as const;

/** An alert that nothing explains stands among what is broken, and can be acknowledged there too. */
const withAlert = (row: PlainRow, finding: Finding, stream: AlertStream): PlainRow => {
  if (finding.opens?.view !== 'alert') return row;
  const item = stream.items.find((i) => i.key === finding.opens?.args.key);
  return item === undefined ? row : { ...row, target: { ...alertTarget(item), ...row.target } };
};

/** What is broken, worst first, what hangs under a cause below it, and the messages of the worst as far as there is room. */
export const brokenSection = (
  broken: readonly Finding[],
  stream: AlertStream,
  input: ViewInput,
): Section => {
  const { width, now, glyphs, height } = input;
  const details = broken.filter((f) => f.detail !== '').length;
  const all = 1 + broken.length + details;
  return {
    name: 'broken',
    least: Math.min(all, first.most, Math.max(first.least, height - others)),
    most: all,
    share: 3,
    rows: (room) => {
      // Every finding gets its line before the first gets its message; messages go to the worst ones.
      const shown = broken.length + 1 <= room ? broken : broken.slice(0, room - 2);
      const hidden = broken.length - shown.length;
      let spare = room - 1 - shown.length - (hidden > 0 ? 1 : 0);
      const rows: PlainRow[] = [titleRow('broken, worst first', input)];
      shown.forEach((finding, i) => {
        const next = shown[i + 1]?.under ?? null;
        const more = finding.under !== null && next === finding.under;
        const row = findingRow(finding, width, now, glyphs, finding.under !== null, more);
        rows.push(withAlert(row, finding, stream));
        if (finding.detail === '' || spare <= 0) return;
        spare -= 1;
        rows.push({
          key: `${finding.key}/detail`,
          line: findingDetail(finding, width, glyphs, next !== null),
        });
      });
      if (hidden > 0) rows.push(moreRow('broken', hidden, { view: 'broken', args: {} }));
      return rows;
    },
  };
};
