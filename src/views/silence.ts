import { actionNamed } from '../actions/catalogue.ts';
import type { AlertStream } from '../findings/alert-stream.ts';
import { health } from '../findings/health.ts';
import { matchersText } from '../kernel/matchers.ts';
import { type Detail, field, item, type Pen, rowsOfSections, section } from './describe/detail.ts';
import { proofKey } from './keymap.ts';
import { alertRow } from './parts/alert-line.ts';
import { untilText } from './parts/alert-words.ts';
import { cutLine, line, span } from './parts/line.ts';
import { many } from './parts/words.ts';
import { rule } from './parts/wrap.ts';
import {
  amtoolText,
  type Breadth,
  draftSilence,
  hoursOffered,
  matchersOf,
  matchersOfGroup,
  type SilenceDraft,
} from './silence/draft.ts';
import { type Content, type PlainRow, rowsOf, type View, type ViewInput } from './view.ts';

type Args = Readonly<Record<string, string>>;

const defaultHours = 2;

const hoursOf = ({ hours }: Args): number =>
  hoursOffered.find((h) => String(h) === hours) ?? defaultHours;

const breadthOf = ({ breadth }: Args): Breadth => (breadth === 'name' ? 'name' : 'exact');

/** Another choice of the same silence: it takes the place of this one, so that esc leads back to the alert. */
const choice = (
  { place, glyphs }: ViewInput,
  chosen: boolean,
  text: string,
  change: Args,
): Detail => ({
  lines: [
    line(
      ' ',
      span(chosen ? glyphs.good : ' ', 'here'),
      ' ',
      span(text, chosen ? 'here' : 'plain'),
      span(chosen ? '  chosen' : '', 'dim'),
    ),
  ],
  target: { open: { view: 'silence', args: { ...place.args, ...change }, instead: true } },
});

const hidesShown = 100;

const hiddenRows = (draft: SilenceDraft, input: ViewInput): readonly PlainRow[] => {
  const { width, now, glyphs } = input;
  const title = `it would hide ${many(draft.hides.length, 'alert')}`;
  const rows = draft.hides.slice(0, hidesShown).map((i) => alertRow(i, { width, now, glyphs }));
  const left = draft.hides.length - rows.length;
  return [
    { key: 'hides/blank', line: [] },
    { key: 'hides/rule', line: rule(title, width, glyphs.rule) },
    ...rows.map((row) => ({ ...row, line: cutLine(row.line, width) })),
    ...(left === 0
      ? []
      : [{ key: 'hides/more', line: line('   ', span(`and ${left} more`, 'dim')) }]),
  ];
};

/** What closes it: the same words as everywhere else. */
const closedText = (): string => {
  const action = actionNamed('silence');
  return `cannot be sent yet: ${action?.availability.why ?? 'midwatch only observes'}`;
};

const requestDetails = (draft: SilenceDraft, pen: Pen): readonly Detail[] => [
  ...draft.to.map((s) => field(pen, 'POST', `/api/v2/silences  to ${s.name}, ${s.where}`)),
  ...JSON.stringify(draft.body, null, 2)
    .split('\n')
    .map((text): Detail => ({ lines: [line('   ', span(text))] })),
];

/** A silence before it is sent: for which labels, how long, what it would hide, and the request to the letter. */
export const silenceContent = (stream: AlertStream, input: ViewInput): Content => {
  const { world, now, width, glyphs, place } = input;
  const { alert, group } = place.args;
  const found = stream.items.find((i) => i.key === alert && i.kind === 'alert');
  if (found === undefined && group === undefined) {
    const text =
      alert === undefined
        ? 's on an alert shows what a silence of it would be'
        : 'this alert is not known any more; esc goes back';
    return {
      title: 'silence',
      head: [],
      rows: rowsOf([]),
      empty: [line('   ', text), line('   ', span(closedText(), 'dim'))].map((l) =>
        cutLine(l, width),
      ),
    };
  }
  const breadth = breadthOf(place.args);
  const hours = hoursOf(place.args);
  const matchers =
    found === undefined ? matchersOfGroup(group ?? '') : matchersOf(found.labels, breadth);
  const draft = draftSilence(stream, matchers, hours, now);
  const pen: Pen = { world, now, width, glyphs };
  const end = untilText((now + hours * 3_600_000) as typeof now, now);
  const before = [
    ...section('silence', [
      item(pen, 'muted', line(span(closedText(), 'warn')), [`Elsewhere: ${amtoolText(draft)}`]),
      ...draft.refusals.map((text) => item(pen, 'bad', line(span(text, 'bad')))),
      ...draft.warnings.map((text) => item(pen, 'warn', line(span(text, 'warn')))),
    ]),
    ...section('for alerts with', [
      field(pen, 'matchers', matchersText(matchers)),
      ...(found === undefined
        ? []
        : [
            choice(input, breadth === 'exact', 'all labels of this alert', { breadth: 'exact' }),
            choice(input, breadth === 'name', 'its name and namespace only', { breadth: 'name' }),
          ]),
    ]),
    ...section(
      'for how long',
      hoursOffered.map((h) => choice(input, h === hours, many(h, 'hour'), { hours: String(h) })),
      `until ${end} UTC`,
    ),
  ];
  const after = section('the request', requestDetails(draft, pen));
  return {
    title: 'silence',
    head: [],
    rows: rowsOf([
      ...rowsOfSections(before, pen),
      ...hiddenRows(draft, input),
      { key: 'request/blank', line: [] },
      ...rowsOfSections(after, pen),
    ]),
    empty: [],
  };
};

/** What a silence would be. Arguments: `alert` or `group`, and optionally `breadth` and `hours`. */
export const silence: View = {
  id: 'silence',
  title: 'a silence before it is sent',
  aliases: [],
  keys: [proofKey],
  content: (input) => silenceContent(health(input.world, input.now).alerts, input),
};
