import type { Act } from '../kernel/acts.ts';
import { clip, plainText } from '../kernel/text.ts';
import { epochMs } from '../kernel/units.ts';
import { sliceOf } from '../kernel/world.ts';
import { acts as probe } from '../probes/acts.ts';
import { actSections } from './acts/act-sections.ts';
import { inOrder, stateDetail, stateTone, stateWord } from './acts/act-words.ts';
import { type Pen, rowsOfSections } from './describe/detail.ts';
import { matcherOf } from './filter.ts';
import { cutLine, fit, type Line, line, span, spread } from './parts/line.ts';
import { sign, toneStyle } from './parts/tone.ts';
import { ageOf, clockUtc, count } from './parts/words.ts';
import { type Content, type PlainRow, rowsOf, type View, type ViewInput } from './view.ts';

const wordWidth = 9;
/** Who stands on wide screens; on others in the act itself. */
const whoFrom = 100;

const actLine = (act: Act, { width, glyphs, now, world }: ViewInput): Line => {
  const { asked, state } = act;
  const tone = stateTone(state);
  const at = epochMs(asked.at);
  const elsewhere = asked.context === world.origin?.context ? '' : `${asked.context}  `;
  const detail = stateDetail(state);
  return spread(
    line(
      ' ',
      sign(tone, glyphs),
      ' ',
      span(clockUtc(at, true), 'dim'),
      '  ',
      span(fit(stateWord(state), wordWidth), tone === 'good' ? 'dim' : toneStyle(tone)),
      ' ',
      span(asked.title, 'title'),
      ...(detail === '' || state.kind === 'done' ? [] : ['  ', span(detail, 'dim')]),
    ),
    line(
      span(elsewhere, 'warn'),
      ...(width >= whoFrom ? [span(clip(plainText(asked.by), 40), 'dim'), '  '] : []),
      span(fit(ageOf(at, now), 4, 'right')),
      ' ',
    ),
    width,
  );
};

const listContent = (all: readonly Act[], input: ViewInput): Content => {
  const { place, width } = input;
  const filter = matcherOf(place.filter);
  const shown = inOrder(all).filter(
    (act) =>
      (!place.faults || act.asked.effect !== 'read') &&
      filter.matches(
        `${act.asked.title} ${act.asked.by} ${act.asked.context} ${stateWord(act.state)}`,
        {},
      ),
  );
  const of = shown.length === all.length ? '' : ` of ${count(all.length)}`;
  return {
    title: `acts[${count(shown.length)}${of}]`,
    head: [],
    rows: rowsOf(
      shown.map(
        (act): PlainRow => ({
          key: act.id,
          selectable: true,
          target: { open: { view: 'acts', args: { act: act.id } } },
          line: cutLine(actLine(act, input), width),
        }),
      ),
    ),
    empty: [
      line(
        '   ',
        span(
          all.length === 0
            ? 'nothing has been asked for: every action and every denial would stand here'
            : 'no act matches; esc clears the filter',
          'dim',
        ),
      ),
    ],
  };
};

const oneContent = (act: Act | undefined, input: ViewInput): Content => {
  const { world, now, width, glyphs } = input;
  if (act === undefined) {
    const text = 'this act is not known any more; midwatch audit show has all of them';
    return { title: 'act', head: [], rows: rowsOf([]), empty: [line('   ', span(text))] };
  }
  const pen: Pen = { world, now, width, glyphs };
  const title = `act ${clip(plainText(act.asked.action), 40)}`;
  return { title, head: [], rows: rowsOf(rowsOfSections(actSections(act, pen), pen)), empty: [] };
};

/** What was asked for, judged and done on this machine, as the audit has it. `args.act`: all of one. */
export const actsView: View = {
  id: 'acts',
  title: 'what was asked for and done',
  aliases: ['audit', 'actions'],
  keys: [],
  content: (input) => {
    const { acts } = sliceOf(input.world, probe).state;
    const { act } = input.place.args;
    return act === undefined
      ? listContent([...acts.values()], input)
      : oneContent(acts.get(act), input);
  },
};
