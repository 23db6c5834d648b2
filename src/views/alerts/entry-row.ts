import { alertLine, alertRef, alertTarget } from '../parts/alert-line.ts';
import { cutLine, type Line } from '../parts/line.ts';
import { rule } from '../parts/wrap.ts';
import type { RunbookFinder } from '../runbook/desk.ts';
import type { Target, ViewInput } from '../view.ts';
import type { Entry } from './stream-list.ts';

/** What a line of the stream leads to; a group opens as a list of its own, and is acknowledged as a whole. */
export const entryTarget = (entry: Entry | undefined, find?: RunbookFinder): Target | null => {
  if (entry === undefined || entry.kind === 'title') return null;
  if (entry.kind === 'alert') return alertTarget(entry.item, find);
  const { alerts: _, object: __, ...first } = alertTarget(entry.item, find);
  return {
    ...first,
    open: { view: 'alerts', args: { group: entry.group } },
    silence: { group: entry.group },
    alerts: () => entry.items.filter((i) => i.kind === 'alert').map(alertRef),
  };
};

export const entryLine = (
  entry: Entry | undefined,
  { width, now, glyphs, runbook }: Pick<ViewInput, 'width' | 'now' | 'glyphs' | 'runbook'>,
  nameWidth: number,
): Line => {
  if (entry === undefined) return [];
  if (entry.kind === 'title') return cutLine(rule(entry.text, width, glyphs.rule), width);
  const look = { width, now, glyphs, nameWidth, ...(runbook === undefined ? {} : { runbook }) };
  return cutLine(
    entry.kind === 'alert'
      ? alertLine(entry.item, look)
      : alertLine(entry.item, {
          ...look,
          members: entry.items.length,
          subject: entry.subject,
          others: entry.others,
        }),
    width,
  );
};
