import { matcherOf } from './filter.ts';
import { line, span } from './parts/line.ts';
import { rowsOf, type View } from './view.ts';

/** A context of the kubeconfig that was read at the start. */
export interface ContextName {
  readonly name: string;
  readonly cluster: string;
  readonly namespace: string;
}

/** The contexts that can be switched to. Enter on one opens that cluster in this screen. */
export const contextsView = (contexts: () => readonly ContextName[]): View => ({
  id: 'contexts',
  title: 'contexts',
  aliases: ['contexts'],
  keys: [],
  content: ({ place, world, glyphs }) => {
    const filter = matcherOf(place.filter);
    const all = contexts();
    const width = Math.max(7, ...all.map((c) => c.name.length)) + 2;
    const shown = all.filter((c) => filter.matches(`${c.name} ${c.cluster} ${c.namespace}`, {}));
    return {
      title: `contexts[${shown.length}]`,
      head: [line(span(`   ${'CONTEXT'.padEnd(width)}CLUSTER  NAMESPACE`, 'title'))],
      rows: rowsOf(
        shown.map((c) => ({
          key: c.name,
          selectable: true,
          target: { open: { view: 'context', args: { context: c.name } } },
          line: line(
            '  ',
            c.name === world.origin?.context ? span(glyphs.good, 'good') : ' ',
            span(c.name.padEnd(width), 'title'),
            `${c.cluster}  `,
            span(c.namespace, 'dim'),
          ),
        })),
      ),
      empty: [
        line(
          ' ',
          span(
            all.length === 0
              ? 'no kubeconfig: this is a recording or an in-cluster session'
              : 'no context matches; esc clears the filter',
            'dim',
          ),
        ),
      ],
    };
  },
});
