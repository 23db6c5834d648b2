import type { Health } from '../findings/finding.ts';
import { health } from '../findings/health.ts';
import { clip, plainText } from '../kernel/text.ts';
import { alertSections } from './alerts/alert-sections.ts';
import { type Pen, rowsOfSections } from './describe/detail.ts';
import { eventsSection } from './describe/history.ts';
import { alertKeys } from './keymap.ts';
import { alertTarget } from './parts/alert-line.ts';
import { cutLine, line } from './parts/line.ts';
import { type Content, rowsOf, type Target, type View, type ViewInput } from './view.ts';

const titleKept = 60;

/** Everything of one alert. Wherever the cursor is, its keys are about the alert. */
export const alertContent = (known: Health, input: ViewInput): Content => {
  const { world, now, width, glyphs, place, session } = input;
  const item = known.alerts.items.find((i) => i.key === place.args.key);
  if (item === undefined) {
    const text =
      '   this alert is not known any more: it was over more than an hour ago, or its source is gone';
    return { title: 'alert', head: [], rows: rowsOf([]), empty: [cutLine(line(text), width)] };
  }
  const pen: Pen = { world, now, width, glyphs };
  const sections = [
    ...alertSections(item, known, pen, input.runbook),
    ...(item.object === null ? [] : eventsSection(item.object, session, pen)),
  ];
  const { open: _, ...own } = alertTarget(item, input.runbook);
  const rows = rowsOfSections(sections, pen).map((row) => {
    if (row.selectable !== true) return row;
    const target: Target = { ...own, ...row.target };
    return { ...row, target };
  });
  const title = `alert ${clip(plainText(item.name), titleKept)}`;
  return { title, head: [], rows: rowsOf(rows), empty: [] };
};

/** One alert in full. Argument: `key`, that of the stream. */
export const alertView: View = {
  id: 'alert',
  title: 'one alert',
  aliases: [],
  keys: alertKeys.filter((b) => b.command !== 'quiet'),
  content: (input) => alertContent(health(input.world, input.now), input),
};
