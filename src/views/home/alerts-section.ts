import type { AlertStream, StreamItem } from '../../findings/alert-stream.ts';
import { entryLine, entryTarget } from '../alerts/entry-row.ts';
import { type Entry, streamList } from '../alerts/stream-list.ts';
import { sourcesText } from '../parts/source-words.ts';
import type { PlainRow, ViewInput } from '../view.ts';
import { listSection, type Section } from './section.ts';

const numbered = (n: number, what: string): string => (n === 0 ? '' : `${n} ${what}`);

/** What a title counts. */
const isFiring = (i: StreamItem): boolean => i.state === 'firing' && i.kind !== 'event';

const countOf = (items: readonly StreamItem[], holds: (i: StreamItem) => boolean): number =>
  items.reduce((n, i) => n + (holds(i) ? 1 : 0), 0);

/** By the items: it counts five thousand items once, not with every frame. */
const titles = new WeakMap<AlertStream['items'], string>();

/** `alerts: 3 firing, 2 pending, 1 silenced` */
const titleOf = ({ items }: AlertStream): string => {
  const had = titles.get(items);
  if (had !== undefined) return had;
  const silenced = (i: StreamItem) => i.state === 'suppressed';
  const parts = [
    numbered(countOf(items, isFiring), 'firing'),
    numbered(
      countOf(items, (i) => i.state === 'pending'),
      'pending',
    ),
    numbered(
      countOf(items, (i) => i.kind === 'event'),
      'warned of by the cluster',
    ),
    numbered(
      countOf(items, silenced),
      items.some((i) => silenced(i) && i.suppressedBy.some((s) => s.kind !== 'silence'))
        ? 'suppressed'
        : 'silenced',
    ),
  ].filter((part) => part !== '');
  const title = `alerts: ${parts.join(', ') || 'none'}`;
  titles.set(items, title);
  return title;
};

/** What is over is in the stream, and no matter for the first screen. */
const isShown = (entry: Entry): boolean =>
  entry.kind !== 'title' && entry.item.state !== 'resolved';

/** Alerts as all sources tell them, with the age of each source at the right; null when there is nothing to show. */
export const alertsSection = (stream: AlertStream, input: ViewInput): Section | null => {
  const { now, glyphs, width, place } = input;
  const list = streamList(stream, { filter: '', quiet: place.quiet, group: '' });
  const entries = list.entries.filter(isShown);
  if (entries.length === 0) return null;
  const rows = entries.slice(0, input.height).map((entry): PlainRow => {
    const target = entryTarget(entry, input.runbook);
    const row = {
      key: `stream/${entry.key}`,
      selectable: true,
      line: entryLine(entry, input, list.nameWidth),
    };
    return target === null ? row : { ...row, target };
  });
  const title = titleOf(stream);
  const hidden = list.hidden === 0 ? '' : `${list.hidden} acknowledged hidden  `;
  const room = Math.max(0, width - title.length - hidden.length - 12);
  return listSection('alerts', rows, 3, input, {
    enough: 4,
    title,
    right: `${hidden}${sourcesText(stream.sources, now, glyphs, room)}`,
    all: { view: 'alerts', args: {} },
  });
};

/** Whether somebody should look at the alerts before anything that is well. */
export const isAlarmed = ({ items }: AlertStream): boolean =>
  items.some((i) => isFiring(i) && i.acknowledged === null);
