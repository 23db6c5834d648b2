import { planSilence, type SilencePlan, silenceMatchers } from '../actions/silence.ts';
import type { AlertStream } from '../findings/alert-stream.ts';
import { health } from '../findings/health.ts';
import type { Intent } from '../kernel/act.ts';
import type { Matcher } from '../kernel/alert-fact.ts';
import { matchersText } from '../kernel/matchers.ts';
import { after, hours as toMs } from '../kernel/units.ts';
import { type Detail, field, item, type Pen, rowsOfSections, section } from './describe/detail.ts';
import { proofKey, silenceKey } from './keymap.ts';
import { alertRow } from './parts/alert-line.ts';
import { untilText } from './parts/alert-words.ts';
import { cutLine, line, span } from './parts/line.ts';
import { amtoolText, hiddenItems, matchersOfGroup } from './parts/silence-words.ts';
import { many } from './parts/words.ts';
import { rule } from './parts/wrap.ts';
import { type Content, type PlainRow, rowsOf, type View, type ViewInput } from './view.ts';

type Args = Readonly<Record<string, string>>;

/** Hours that are offered; whoever needs longer should mend the rule. */
const hoursOffered = [1, 2, 4, 8, 24] as const;
const defaultHours = 2;

const hoursOf = ({ hours }: Args): number =>
  hoursOffered.find((h) => String(h) === hours) ?? defaultHours;

const breadthOf = ({ breadth }: Args): 'all' | 'name' => (breadth === 'name' ? 'name' : 'all');

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

const hiddenRows = (
  plan: SilencePlan,
  stream: AlertStream,
  input: ViewInput,
): readonly PlainRow[] => {
  const { width, now, glyphs } = input;
  const title = `it would hide ${many(plan.hides.count, 'alert')}`;
  const rows = hiddenItems(plan, stream).map((i) => alertRow(i, { width, now, glyphs }));
  const left = plan.hides.count - rows.length;
  return [
    { key: 'hides/blank', line: [] },
    { key: 'hides/rule', line: rule(title, width, glyphs.rule) },
    ...rows.map((row) => ({ ...row, line: cutLine(row.line, width) })),
    ...(left === 0
      ? []
      : [{ key: 'hides/more', line: line('   ', span(`and ${left} more`, 'dim')) }]),
  ];
};

/** One request for each cluster of Alertmanagers, all of them with the same body. */
const requestDetails = (plan: SilencePlan, pen: Pen): readonly Detail[] => [
  ...plan.requests.map(({ method, path, sources }) =>
    field(pen, method, `${path}  to ${sources.join(' or ')}`),
  ),
  ...JSON.stringify(plan.requests[0]?.body ?? {}, null, 2)
    .split('\n')
    .map((text): Detail => ({ lines: [line('   ', span(text))] })),
];

/** Why is asked for next; who asks for it is known. */
const silenceIntent = (matchers: readonly Matcher[], hours: number): Intent => ({
  action: 'silence-create',
  subject: { kind: 'alerts', cluster: '' },
  args: { matchers: matchersText(matchers), duration: `${hours}h` },
  origin: 'screen',
});

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
      empty: [cutLine(line('   ', text), width)],
    };
  }
  const breadth = breadthOf(place.args);
  const hours = hoursOf(place.args);
  const matchers =
    found === undefined ? matchersOfGroup(group ?? '') : silenceMatchers(found.labels, breadth);
  const plan = planSilence(
    // Who asks for it and why is asked when it can be sent.
    { matchers, startsAt: null, duration: toMs(hours), author: 'you', comment: 'why' },
    stream,
    now,
    // Nobody agrees to anything here.
    () => '',
  );
  const pen: Pen = { world, now, width, glyphs };
  const end = untilText(after(now, toMs(hours)), now);
  const before = [
    ...section('silence', [
      item(pen, 'unknown', line(span('s asks for it: guards are asked, and you agree or not')), [
        `Elsewhere: ${amtoolText(matchers, hours, plan, stream)}`,
      ]),
      ...plan.refusals.map((text) => item(pen, 'bad', line(span(text, 'bad')))),
      ...plan.warnings.map((text) => item(pen, 'warn', line(span(text, 'warn')))),
    ]),
    ...section('for alerts with', [
      field(pen, 'matchers', matchersText(matchers)),
      ...(found === undefined
        ? []
        : [
            choice(input, breadth === 'all', 'all labels of this alert', { breadth: 'all' }),
            choice(input, breadth === 'name', 'its name and namespace only', { breadth: 'name' }),
          ]),
    ]),
    ...section(
      'for how long',
      hoursOffered.map((h) => choice(input, h === hours, many(h, 'hour'), { hours: String(h) })),
      `until ${end} UTC`,
    ),
  ];
  const request = section('the request', requestDetails(plan, pen));
  return {
    title: 'silence',
    head: [],
    rows: rowsOf([
      ...rowsOfSections(before, pen),
      ...hiddenRows(plan, stream, input),
      { key: 'request/blank', line: [] },
      ...rowsOfSections(request, pen),
    ]),
    empty: [],
    act: (command) =>
      command === 'silence' ? { kind: 'begin', intent: silenceIntent(matchers, hours) } : null,
  };
};

/** What a silence would be. Arguments: `alert` or `group`, and optionally `breadth` and `hours`. */
export const silence: View = {
  id: 'silence',
  title: 'a silence before it is sent',
  aliases: [],
  keys: [silenceKey, proofKey],
  content: (input) => silenceContent(health(input.world, input.now).alerts, input),
};
