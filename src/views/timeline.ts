import { matcherOf } from './filter.ts';
import { proofKey } from './keymap.ts';
import { changeRow } from './parts/change-line.ts';
import { line, span } from './parts/line.ts';
import { count } from './parts/words.ts';
import { rowsOf, type View } from './view.ts';

/** What changed, newest first, in the order of the journal. */
export const timeline: View = {
  id: 'timeline',
  title: 'what changed',
  aliases: ['timeline', 'changes', 'tl'],
  digit: '6',
  keys: [proofKey],
  content: ({ world, width, glyphs, place }) => {
    const filter = matcherOf(place.filter);
    const shown = world.changes
      .filter(
        (c) =>
          (place.faults ? c.tone !== 'info' : true) && filter.matches(`${c.key} ${c.text}`, {}),
      )
      .reverse();
    return {
      title: `changes[${count(shown.length)}${shown.length === world.changes.length ? '' : ` of ${count(world.changes.length)}`}]`,
      head: [],
      rows: rowsOf(shown.map((c) => changeRow([c], width, glyphs))),
      empty: [
        line(
          ' ',
          span(
            world.changes.length === 0
              ? 'nothing has changed since this session began'
              : 'no change matches; esc clears the filter',
            'dim',
          ),
        ),
      ],
    };
  },
};
