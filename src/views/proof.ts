import { cutLine, line, span } from './parts/line.ts';
import { proofOf } from './proof/proof-of.ts';
import { textRows, type View } from './view.ts';

/**
 * What a line rests on, and how old that is. Arguments: `finding`, `alert`, `change`, its key; `evidence`, a subsystem;
 * or `etcd`, a cluster, with the key of a `reason`.
 */
export const proof: View = {
  id: 'proof',
  title: 'proof',
  aliases: [],
  keys: [],
  content: (input) => ({
    title: 'proof',
    head: [],
    rows: textRows(proofOf(input.place.args, input).map((l) => cutLine(l, input.width))),
    empty: [line(' ', span('this is no longer so; esc goes back', 'good'))],
  }),
};
