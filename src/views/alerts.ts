import type { AlertStream, StreamSource } from '../findings/alert-stream.ts';
import { health } from '../findings/health.ts';
import { clip, plainText } from '../kernel/text.ts';
import { alertFilterOf } from './alerts/alert-filter.ts';
import { entryLine, entryTarget } from './alerts/entry-row.ts';
import { discoveryLines, noAlertLines } from './alerts/no-alerts.ts';
import { type StreamList, streamList } from './alerts/stream-list.ts';
import { alertKeys } from './keymap.ts';
import { groupWords } from './parts/group-words.ts';
import { cutLine, type Line, line, span } from './parts/line.ts';
import { sourcesText } from './parts/source-words.ts';
import { sign } from './parts/tone.ts';
import { count } from './parts/words.ts';
import type { Content, Rows, View, ViewInput } from './view.ts';

const lazyRows = (list: StreamList, input: ViewInput): Rows => ({
  length: list.entries.length,
  key: (i) => list.entries[i]?.key ?? '',
  selectable: (i) => {
    const entry = list.entries[i];
    return entry !== undefined && entry.kind !== 'title';
  },
  target: (i) => entryTarget(list.entries[i], input.runbook),
  line: (i) => entryLine(list.entries[i], input, list.nameWidth),
  indexOf: list.indexOf,
});

/** As many as one reads; all of them stand in the line of sources. */
const troubledKept = 3;

const troubleLines = (sources: readonly StreamSource[], input: ViewInput): readonly Line[] =>
  sources
    .filter((s) => s.tone !== 'good')
    .slice(0, troubledKept)
    .map((s) => line(' ', sign(s.tone, input.glyphs), ` ${s.name}: `, span(s.text, 'warn')));

/** Warnings of the cluster alone are not the alerts that somebody has thought of. */
const noSourceLine = ({ glyphs }: ViewInput): Line =>
  line(
    ' ',
    sign('unknown', glyphs),
    span(' no alerts are known: --alertmanager URL, or alertmanagers in the configuration', 'warn'),
  );

const headOf = (stream: AlertStream, list: StreamList, input: ViewInput): readonly Line[] => {
  const { now, glyphs, width, place } = input;
  const { note } = alertFilterOf(place.filter);
  return [
    line(' ', span('sources  ', 'dim'), span(sourcesText(stream.sources, now, glyphs, width - 12))),
    ...troubleLines(stream.sources, input),
    ...(stream.sources.length === 0 && stream.items.length > 0 ? [noSourceLine(input)] : []),
    ...(stream.items.length > 0 ? discoveryLines(input) : []),
    ...(list.hidden === 0
      ? []
      : [line('   ', span(`${count(list.hidden)} acknowledged are hidden; H shows them`, 'here'))]),
    ...(note === '' ? [] : [line(' ', sign('warn', glyphs), ` `, span(note, 'warn'))]),
  ];
};

const groupKept = 80;

/** What one calls a group of which one looks at each: the alert it is of, and what it is about. */
const groupTitle = ({ entries }: StreamList, group: string): string => {
  const names = new Set(entries.flatMap((e) => (e.kind === 'title' ? [] : [e.item.name])));
  const [only = ''] = names;
  const about = groupWords(group);
  return names.size === 1 ? [only, about].filter((t) => t !== '').join('  ') : about || group;
};

const titleOf = (list: StreamList, { place }: ViewInput): string => {
  const { group = '' } = place.args;
  const numbers =
    list.shown === list.total ? count(list.shown) : `${count(list.shown)} of ${count(list.total)}`;
  const filter = place.filter === '' ? '' : ` </${plainText(place.filter)}>`;
  return `alerts[${numbers}]${group === '' ? '' : ` ${clip(plainText(groupTitle(list, group)), groupKept)}`}${filter}`;
};

const emptyOf = (stream: AlertStream, list: StreamList, input: ViewInput): readonly Line[] => {
  if (stream.items.length === 0) return noAlertLines(stream, input);
  if (list.hidden > 0 && input.place.filter === '') {
    return [line('   all that fires is acknowledged; H shows it')];
  }
  return input.place.filter === ''
    ? [line('   no alert is in this group any more; esc goes back')]
    : [line(`   none of ${count(stream.items.length)} alerts matches; esc clears the filter`)];
};

/** The stream as a list. `args.group` shows one group with each of its alerts. */
export const alertsContent = (stream: AlertStream, input: ViewInput): Content => {
  const { place, width } = input;
  const list = streamList(stream, {
    filter: place.filter,
    quiet: place.quiet,
    group: place.args.group ?? '',
  });
  return {
    title: titleOf(list, input),
    head: headOf(stream, list, input).map((l) => cutLine(l, width)),
    rows: lazyRows(list, input),
    empty: emptyOf(stream, list, input).map((l) => cutLine(l, width)),
  };
};

/** Alerts as all sources tell them together, ranked, and folded as Alertmanager groups them. */
export const alertsView: View = {
  id: 'alerts',
  title: 'alerts',
  aliases: ['alert', 'al'],
  digit: '5',
  keys: alertKeys,
  filterHint: 'severity="critical", text, regex, !not',
  content: (input) => alertsContent(health(input.world, input.now).alerts, input),
};
