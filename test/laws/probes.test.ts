import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allProbes } from '../../src/cli/probes.ts';
import { keyOf, type ObjectData, type Slim } from '../../src/kernel/kind.ts';
import type { AnyProbe, Observed, Probe } from '../../src/kernel/probe.ts';
import { epochMs, revision } from '../../src/kernel/units.ts';
import { acknowledgements } from '../../src/probes/acknowledgements.ts';
import { acts } from '../../src/probes/acts.ts';
import { alerts } from '../../src/probes/alerts.ts';
import { etcd } from '../../src/probes/etcd.ts';
import { kindByResource, objectKinds, objectProbes } from '../../src/probes/index.ts';
import { link } from '../../src/probes/link.ts';
import type { Objects } from '../../src/probes/object-probe.ts';
import { prometheus } from '../../src/probes/prometheus.ts';
import { runs } from '../../src/probes/runs.ts';
import { slimItems } from '../adapters/kubernetes/wire/fixtures.ts';
import { anyBatch } from '../support/any-data.ts';

type ObjectProbe = Probe<ObjectData<Slim>, Objects<Slim>>;

/** Text and numbers at random places of real objects: other versions of them, some of them odd. */
const variants = (objects: readonly Slim[]): fc.Arbitrary<Slim> =>
  fc
    .tuple(
      fc.constantFrom(...objects),
      fc.constantFrom(...objects),
      fc.array(fc.nat(), { maxLength: 4 }),
    )
    .map(([own, other, picks]) => {
      const keys = Object.keys(own).filter((key) => !['name', 'namespace'].includes(key));
      const taken = picks.map((pick) => keys[pick % keys.length]!);
      return { ...own, ...Object.fromEntries(taken.map((key) => [key, other[key as keyof Slim]])) };
    });

const data = (objects: readonly Slim[]): fc.Arbitrary<ObjectData<Slim>> =>
  fc.oneof(
    { weight: 4, arbitrary: variants(objects).map((put) => ({ put })) },
    { weight: 1, arbitrary: fc.constantFrom(...objects).map((o) => ({ del: keyOf(o) })) },
  );

const observations = (
  objects: readonly Slim[],
): fc.Arbitrary<readonly Observed<ObjectData<Slim>>[]> =>
  fc.array(fc.tuple(data(objects), fc.boolean()), { maxLength: 20 }).map((all) =>
    all.map(([one, settled], i) => ({
      rev: revision(i + 1),
      at: epochMs(1000 * i),
      scope: '',
      data: one,
      settled,
    })),
  );

describe('the registry', () => {
  it('given every kind, when looked up by its resource, then it is found, and its probe is at the same place', () => {
    expect(objectKinds.length).toBeGreaterThanOrEqual(15);
    expect([...kindByResource.values()]).toEqual(objectKinds);
    expect(objectProbes.map((probe) => probe.id)).toEqual(objectKinds.map((k) => k.ref.resource));
  });
});

const sources: readonly AnyProbe[] = [etcd, alerts, prometheus, acknowledgements, runs, acts];

describe.each(allProbes.map((probe) => ({ name: probe.id, probe })))('$name', ({ probe }) => {
  const batches = anyBatch(probe);

  it('given any facts, when cut into any batches, then nothing comes out differently', () => {
    fc.assert(
      fc.property(batches, fc.nat(30), fc.nat(30), (batch, a, b) => {
        const whole = probe.fold(probe.empty, batch);
        const cuts = [0, Math.min(a, b), Math.max(a, b), batch.length];
        const changes = [];
        let state = probe.empty;
        for (let i = 0; i < 3; i += 1) {
          const part = probe.fold(state, batch.slice(cuts[i], cuts[i + 1]));
          state = part.state;
          changes.push(...part.changes);
        }
        expect(probe.save(state)).toEqual(probe.save(whole.state));
        expect(state).toEqual(whole.state);
        expect(changes).toEqual(whole.changes);
      }),
    );
  });

  it('given any state, when saved as JSON and loaded, then it is the same, and goes on the same', () => {
    fc.assert(
      fc.property(batches, batches, (batch, more) => {
        const { state } = probe.fold(probe.empty, batch);
        const loaded = probe.load(JSON.parse(JSON.stringify(probe.save(state))));
        expect(loaded).toEqual(state);
        expect(probe.fold(loaded, more)).toEqual(probe.fold(state, more));
      }),
    );
  });

  it('given a state, when folded, then it is not touched', () => {
    fc.assert(
      fc.property(batches, batches, (one, two) => {
        const { state } = probe.fold(probe.empty, one);
        const before = JSON.stringify(probe.save(state));
        probe.fold(state, two);
        expect(JSON.stringify(probe.save(state))).toBe(before);
      }),
    );
  });

  // That no connection can be made is news from the beginning.
  if (probe !== link) {
    it('given a first reading, when folded, then nothing is news', () => {
      fc.assert(
        fc.property(batches, (batch) => {
          const first = batch.map((observed) => ({ ...observed, settled: false }));
          expect(probe.fold(probe.empty, first).changes).toEqual([]);
        }),
      );
    });
  }

  it('given any facts, when a change is told, then it is one plain line, of this probe and in its place', () => {
    fc.assert(
      fc.property(batches, (batch) => {
        for (const change of probe.fold(probe.empty, batch).changes) {
          // What the API server tells always has a name and a reason; other sources may leave out anything.
          if (sources.includes(probe)) expect(change.text).toMatch(/^\S.*\S$/);
          expect(change.text).not.toMatch(/undefined|null|NaN|\[object|\n/);
          expect(['bad', 'warn', 'good', 'info']).toContain(change.tone);
          expect(change.probe).toBe(probe.id);
          expect(batch[change.rev - 1]?.at).toBe(change.at);
        }
      }),
    );
  });
});

describe.each(
  objectKinds.map((kind, i) => ({
    name: kind.ref.resource,
    objects: slimItems(kind),
    probe: objectProbes[i] as ObjectProbe,
  })),
)('the probe of $name', ({ objects, probe }) => {
  const batches = observations(objects);

  it('given any batch, when cut in two, then nothing comes out differently', () => {
    fc.assert(
      fc.property(batches, fc.nat(20), (batch, cut) => {
        const whole = probe.fold(probe.empty, batch);
        const first = probe.fold(probe.empty, batch.slice(0, cut));
        const second = probe.fold(first.state, batch.slice(cut));
        expect(second.state).toEqual(whole.state);
        expect([...first.changes, ...second.changes]).toEqual(whole.changes);
      }),
    );
  });

  it('given any state, when saved as JSON and loaded, then it is the same', () => {
    fc.assert(
      fc.property(batches, (batch) => {
        const { state } = probe.fold(probe.empty, batch);
        expect(probe.load(JSON.parse(JSON.stringify(probe.save(state))))).toEqual(state);
      }),
    );
  });

  it('given something delivered twice, when folded, then nothing has happened the second time', () => {
    fc.assert(
      fc.property(batches, (batch) => {
        const { state } = probe.fold(probe.empty, batch);
        const last = batch.at(-1);
        if (last === undefined) return;
        const again = probe.fold(state, [{ ...last, settled: true }]);
        expect(again.state).toEqual(state);
        expect(again.changes).toEqual([]);
      }),
    );
  });

  it('given an object, when folded, then it is found under its key until it is gone', () => {
    for (const object of objects) {
      const seen: Observed<ObjectData<Slim>> = {
        rev: revision(1),
        at: epochMs(1),
        scope: '',
        data: { put: object },
        settled: true,
      };
      const { state } = probe.fold(probe.empty, [seen]);
      expect([...state]).toEqual([[keyOf(object), object]]);
      const gone = { ...seen, data: { del: keyOf(object) } };
      expect(probe.fold(state, [gone]).state.size).toBe(0);
    }
  });

  it('given a state, when folded, then it is not touched', () => {
    fc.assert(
      fc.property(batches, batches, (one, two) => {
        const { state } = probe.fold(probe.empty, one);
        const before = new Map(state);
        probe.fold(state, two);
        expect(new Map(state)).toEqual(before);
      }),
    );
  });

  it('given what it emits, when checked, then it passes as it is, also without what is not known', () => {
    for (const object of objects) {
      expect(probe.schema.parse({ put: object })).toStrictEqual({ put: object });
      const more = { put: { ...object, fromTheFuture: 1 } };
      expect(probe.schema.parse(more)).toStrictEqual({ put: object });
    }
    expect(probe.schema.parse({ del: 'a/b' })).toEqual({ del: 'a/b' });
  });

  it('given garbage, when checked, then it is refused', () => {
    const [object] = objects;
    for (const key of Object.keys(object ?? {})) {
      expect(
        probe.schema.safeParse({ put: { ...object, [key]: Symbol('not data') } }).success,
      ).toBe(false);
    }
    fc.assert(
      fc.property(fc.anything(), (anything) => {
        expect(probe.schema.safeParse(anything).success).toBe(false);
        expect(probe.schema.safeParse({ put: anything }).success).toBe(false);
      }),
    );
  });

  it('given any two versions, when a change is told, then it is one plain line', () => {
    fc.assert(
      fc.property(batches, (batch) => {
        for (const { text, tone } of probe.fold(probe.empty, batch).changes) {
          expect(text).toMatch(/^\S.*\S$/);
          expect(text).not.toMatch(/undefined|null|NaN|\[object|\n/);
          expect(['bad', 'warn', 'good', 'info']).toContain(tone);
        }
      }),
    );
  });
});
