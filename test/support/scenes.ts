import { probeId } from '../../src/kernel/fact.ts';
import type { Freshness, ScopedFreshness } from '../../src/kernel/freshness.ts';
import type { ApiResource } from '../../src/kernel/ports.ts';
import type { Change } from '../../src/kernel/probe.ts';
import { bytes, milliCpu, revision } from '../../src/kernel/units.ts';
import type { World } from '../../src/kernel/world.ts';
import type { CustomResourceDefinition } from '../../src/probes/customresourcedefinitions.ts';
import type { Namespace } from '../../src/probes/namespaces.ts';
import { unicodeGlyphs } from '../../src/views/parts/glyphs.ts';
import { lineText } from '../../src/views/parts/line.ts';
import { newSession, type Place, type Session } from '../../src/views/session.ts';
import type { Content, View } from '../../src/views/view.ts';
import { ago, hour, now } from './objects.ts';

export const namespace = (name: string, phase = 'Active'): Namespace => ({
  uid: `uid-${name}`,
  namespace: '',
  name,
  created: ago(90 * 24 * hour),
  labels: {},
  phase,
  deleting: null,
});

export const definition = (name: string, kind: string): CustomResourceDefinition => ({
  uid: `uid-${name}`,
  namespace: '',
  name,
  created: ago(90 * 24 * hour),
  labels: {},
  group: name.slice(name.indexOf('.') + 1),
  kind,
  plural: name.slice(0, name.indexOf('.')),
  shortNames: [],
  namespaced: true,
  versions: [{ name: 'v1', served: true, storage: true }],
  established: true,
  deleting: null,
});

export const served = (
  resource: string,
  group: string,
  kind: string,
  more: Partial<ApiResource> = {},
): ApiResource => ({
  resource,
  group,
  kind,
  version: 'v1',
  namespaced: true,
  shortNames: [],
  singular: kind.toLowerCase(),
  verbs: ['get', 'list', 'watch'],
  ...more,
});

export const cpu = (milli: number, mebibytes: number) => ({
  cpu: milliCpu(milli),
  memory: bytes(mebibytes * 1024 * 1024),
});

export const change = (over: Partial<Change>): Change => ({
  rev: revision(1),
  at: ago(60),
  probe: probeId('pods'),
  key: '',
  tone: 'info',
  text: 'something happened',
  ...over,
});

/** The same world with other freshness of one slice. */
export const withScopes = (world: World, id: string, scopes: ScopedFreshness): World => {
  const slices = new Map(world.slices);
  const slice = slices.get(probeId(id));
  slices.set(probeId(id), { state: slice?.state ?? new Map(), scopes });
  return { ...world, slices };
};

/** The same world with every slice this fresh; `null`: never heard of. */
export const withFreshness = (world: World, freshness: Freshness | null): World => ({
  ...world,
  slices: new Map(
    [...world.slices].map(([id, { state }]) => [
      id,
      { state, scopes: freshness === null ? new Map() : new Map([['', freshness]]) },
    ]),
  ),
});

export interface Look {
  readonly width?: number;
  readonly session?: Partial<Session>;
}

export const contentOf = (view: View, world: World, place: Place, look: Look = {}): Content =>
  view.content({
    world,
    session: { ...newSession(place), ...look.session },
    place,
    now,
    width: look.width ?? 120,
    height: 30,
    glyphs: unicodeGlyphs,
  });

/** Everything that a view would paint at once, as text without trailing blanks. */
export const textOf = (content: Content): string =>
  [
    ...content.head,
    ...(content.rows.length > 0
      ? Array.from({ length: content.rows.length }, (_, i) => content.rows.line(i))
      : content.empty),
  ]
    .map((l) => lineText(l).trimEnd())
    .join('\n');

/** A frame as it is kept in a file: the title, then the lines. */
export const frameOf = (content: Content): string => `${content.title}\n${textOf(content)}\n`;
