import type { ApiResource } from '../kernel/ports.ts';
import { sliceOf, type World } from '../kernel/world.ts';
import { discovery, resourceKey } from '../probes/discovery.ts';
import { matcherOf } from './filter.ts';
import { cut, cutLine, fit, type Line, line, span } from './parts/line.ts';
import { many } from './parts/words.ts';
import { kindTables } from './resources/index.ts';
import { type Content, type PlainRow, rowsOf, type View } from './view.ts';

interface Alias {
  readonly resource: string;
  readonly names: readonly string[];
  readonly group: string;
  readonly namespaced: boolean;
}

const builtIn: readonly Alias[] = kindTables.map((table) => ({
  resource: table.resource,
  names: [...table.shortNames, table.singular],
  group: table.probe.kind.ref.group,
  namespaced: table.namespaced,
}));

const discovered = (r: ApiResource): Alias => ({
  resource: resourceKey(r),
  names: [...r.shortNames, r.singular, ...(r.group === '' ? [] : [r.resource])].filter(
    (name) => name !== '',
  ),
  group: r.group,
  namespaced: r.namespaced,
});

/** Built-in kinds first, then what else the server serves. */
const aliasesOf = (world: World): readonly Alias[] => {
  const own = new Set(builtIn.map((a) => `${a.group}/${a.resource}`));
  const others = sliceOf(world, discovery)
    .state.filter((r) => !own.has(`${r.group}/${r.resource}`))
    .map(discovered)
    .sort((a, b) => (a.resource < b.resource ? -1 : 1));
  return [...builtIn, ...others];
};

const content: View['content'] = ({ world, place, width }): Content => {
  const all = aliasesOf(world);
  const matcher = matcherOf(place.filter);
  const textOf = (a: Alias) => `${a.resource} ${a.names.join(' ')} ${a.group}`;
  const shown = all.filter((a) => matcher.matches(textOf(a), {}));
  const widest = Math.max(8, ...shown.map((a) => a.resource.length));
  const first = Math.min(widest, Math.floor(width / 2));
  const lineOf = (a: Alias): Line =>
    line(
      '   ',
      span(fit(a.resource, first), 'key'),
      '  ',
      span(cut(a.names.join(' '), Math.max(4, width - first - 30))),
      span(`  ${a.group === '' ? 'core' : a.group}`, 'dim'),
      span(a.namespaced ? '' : '  cluster', 'dim'),
    );
  const rows = shown.map(
    (a): PlainRow => ({
      key: a.resource,
      line: cutLine(lineOf(a), width),
      selectable: true,
      target: { open: { view: 'explorer', args: { resource: a.resource } } },
    }),
  );
  const known = sliceOf(world, discovery).scopes.get('')?.kind === 'fresh';
  const note = known
    ? []
    : [line('   ', span('what else the server serves has not been read', 'dim'))];
  return {
    title: `aliases[${shown.length === all.length ? '' : `${shown.length} of `}${all.length}]`,
    head: note.map((l) => cutLine(l, width)),
    rows: rowsOf(rows),
    empty: [
      cutLine(
        line(`   none of ${many(all.length, 'resource')} matches; esc clears the filter`),
        width,
      ),
    ],
  };
};

/** Every resource that command mode knows, by all its names. */
export const aliases: View = {
  id: 'aliases',
  title: 'names of resources',
  aliases: ['aliases', 'alias', 'a'],
  keys: [],
  content,
};
