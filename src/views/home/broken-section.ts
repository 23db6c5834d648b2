import type { AlertStream } from '../../findings/alert-stream.ts';
import type { Finding } from '../../findings/finding.ts';
import { alertTarget } from '../parts/alert-line.ts';
import { findingDetail, findingRow } from '../parts/finding-line.ts';
import type { PlainRow, ViewInput } from '../view.ts';
import { moreRow, type Section, titleRow } from './section.ts';

/** What is broken gets half of the lines before the others get more than their least, and never less than so many. */
const fewest = 4;
/** With this many lines it says enough, where it does not need half of them for that. */
const enough = 10;
/** The message of the first cause is the story: it may take so many lines. */
const storyLines = 2;

/** An alert that nothing explains stands among what is broken, and can be acknowledged there too. */
const withAlert = (
  row: PlainRow,
  finding: Finding,
  stream: AlertStream,
  input: ViewInput,
): PlainRow => {
  if (finding.opens?.view !== 'alert') return row;
  const item = stream.items.find((i) => i.key === finding.opens?.args.key);
  return item === undefined
    ? row
    : { ...row, target: { ...alertTarget(item, input.runbook), ...row.target } };
};

/** A finding and the lines of its message. */
interface Told {
  readonly row: PlainRow;
  readonly detail: readonly PlainRow[];
}

const tell = (
  broken: readonly Finding[],
  stream: AlertStream,
  input: ViewInput,
): readonly Told[] => {
  const { width, now, glyphs } = input;
  return broken.map((finding, i) => {
    const next = broken[i + 1]?.under ?? null;
    const more = finding.under !== null && next === finding.under;
    const row = findingRow(finding, width, now, glyphs, finding.under !== null, more);
    const most = i === 0 ? storyLines : 1;
    return {
      row: withAlert(row, finding, stream, input),
      detail: findingDetail(finding, width, glyphs, next !== null, most).map((line, n) => ({
        key: `${finding.key}/detail${n === 0 ? '' : `/${n}`}`,
        line,
      })),
    };
  });
};

/**
 * How many lines of each message fit: the first cause tells its story before any other line is given to a message,
 * and begins it even where not all findings have room.
 */
const detailLines = (told: readonly Told[], room: number): readonly number[] => {
  let left = room;
  return told.map(({ detail }) => {
    const lines = Math.max(0, Math.min(left, detail.length));
    left -= lines;
    return lines;
  });
};

/** What is broken, worst first, what hangs under a cause below it, and the messages of the worst as far as there is room. */
export const brokenSection = (
  broken: readonly Finding[],
  stream: AlertStream,
  input: ViewInput,
): Section => {
  const { height } = input;
  const told = tell(broken, stream, input);
  const all = told.reduce((n, t) => n + 1 + t.detail.length, 1);
  const title = broken.some((f) => f.tone === 'bad') ? 'broken, worst first' : 'to look at';
  return {
    name: 'broken',
    least: Math.min(all, Math.max(fewest, Math.floor(height / 2))),
    enough: Math.min(all, Math.max(enough, Math.floor(height / 2))),
    spare: false,
    most: all,
    share: 3,
    rows: (room) => {
      // Its first line of message, where the first cause has one, is worth more than one more finding.
      const story = (told[0]?.detail.length ?? 0) > 0 && room > fewest ? 1 : 0;
      const fits = told.length + 1 + story <= room;
      const shown = fits ? told : told.slice(0, Math.max(0, room - 2 - story));
      const hidden = told.length - shown.length;
      const details = detailLines(shown, room - 1 - shown.length - (hidden > 0 ? 1 : 0));
      return [
        titleRow(title, input),
        ...shown.flatMap(({ row, detail }, i) => [row, ...detail.slice(0, details[i])]),
        ...(hidden > 0 ? [moreRow('broken', hidden, { view: 'broken', args: {} })] : []),
      ];
    },
  };
};
