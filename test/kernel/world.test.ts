import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Entry, type Fact, probeId } from '../../src/kernel/fact.ts';
import { failure } from '../../src/kernel/failure.ts';
import { epochMs, revision, seconds } from '../../src/kernel/units.ts';
import {
  changesKept,
  emptyWorld,
  foldWorld,
  loadWorld,
  saveWorld,
  sliceFreshness,
  sliceOf,
  type World,
} from '../../src/kernel/world.ts';
import { anyFacts, entriesOf } from '../support/any-facts.ts';
import { type ToyData, toyProbe } from '../support/toy-probe.ts';

const toys = toyProbe('toys');
/** One of which a scope is over with every removal. */
const games = { ...toyProbe('games'), isLast: (data: ToyData) => 'del' in data };
const probes = new Map([toys, games].map((p) => [p.id, p]));
const fold = (entries: readonly Entry[], world: World = emptyWorld) =>
  foldWorld(probes, world, entries);

const said = (
  fact: { kind: 'synced' } | { kind: 'heard' } | { kind: 'gap'; why: string },
  scope = '',
): Fact => ({ ...fact, probe: toys.id, scope });
const put = (key: string, value: number, scope = ''): Fact => ({
  kind: 'observed',
  probe: toys.id,
  scope,
  data: { put: key, value },
});
const down = (scope = ''): Fact => ({
  kind: 'failed',
  probe: toys.id,
  scope,
  failure: failure('unreachable', 'watch toys', 'no route'),
});
const texts = (world: World) => world.changes.map((c) => c.text);
const freshness = (world: World) => sliceFreshness(sliceOf(world, toys), toys, world.at);

describe('the fold', () => {
  it('given any facts cut into any batches, then the world is the same', () => {
    fc.assert(
      fc.property(anyFacts(), fc.array(fc.integer({ min: 1, max: 9 })), (facts, sizes) => {
        const entries = entriesOf(facts);
        let world = emptyWorld;
        let at = 0;
        for (const size of sizes) {
          world = fold(entries.slice(at, at + size), world);
          at += size;
        }
        expect(fold(entries.slice(at), world)).toEqual(fold(entries));
      }),
      { numRuns: 500 },
    );
  });

  it('given any facts, then the world folded from them is not changed by folding more', () => {
    fc.assert(
      fc.property(anyFacts(), anyFacts(), (first, second) => {
        const entries = entriesOf([...first, ...second]);
        const world = fold(entries.slice(0, first.length));
        const before = structuredClone(saveWorld(probes, world));
        fold(entries.slice(first.length), world);
        expect(saveWorld(probes, world)).toEqual(before);
      }),
    );
  });

  it('given any world, then saved as JSON and loaded it is the same, and goes on the same', () => {
    fc.assert(
      fc.property(anyFacts(), anyFacts(), (first, second) => {
        const entries = entriesOf([...first, ...second]);
        const world = fold(entries.slice(0, first.length));
        const saved: unknown = JSON.parse(JSON.stringify(saveWorld(probes, world)));
        const loaded = loadWorld(probes, saved);
        expect(loaded).toEqual(world);
        const rest = entries.slice(first.length);
        expect(fold(rest, loaded)).toEqual(fold(rest, world));
      }),
      { numRuns: 300 },
    );
  });

  it('given no entries, then it is the very same world', () => {
    expect(fold([])).toBe(emptyWorld);
  });

  it('given entries of a probe that is not known, then only the revision and the time move', () => {
    const [first] = entriesOf([{ kind: 'heard', probe: probeId('later-version'), scope: '' }]);
    expect(fold([first as Entry])).toEqual({ ...emptyWorld, rev: 1, at: first?.at });
  });
});

describe('what counts as news', () => {
  it('given a first reading, then nothing of it is a change; what comes after is', () => {
    const world = fold(
      entriesOf([put('a', 1), put('b', 1), said({ kind: 'synced' }), put('a', 2)]),
    );
    expect(texts(world)).toEqual(['1 → 2']);
  });

  it('given a source that fails before it was ever complete, then its first reading is still no news', () => {
    const world = fold(entriesOf([down(), put('a', 1), put('b', 1), said({ kind: 'synced' })]));
    expect(texts(world)).toEqual([
      'toys can no longer be read: no route',
      'toys can be read again',
    ]);
  });

  it('given a gap after it was complete, then what changed meanwhile is news', () => {
    const synced = said({ kind: 'synced' });
    const world = fold(
      entriesOf([put('a', 5), synced, said({ kind: 'gap', why: 'relist' }), put('a', 1), synced]),
    );
    expect(texts(world)).toEqual(['5 → 1']);
  });

  it('given more changes than are kept, then the newest are', () => {
    const facts = Array.from({ length: changesKept + 10 }, (_, i) => put('a', i));
    const world = fold(entriesOf([said({ kind: 'synced' }), ...facts]));
    expect(world.changes.length).toBe(changesKept);
    expect(texts(world).at(-1)).toBe(`${changesKept + 8} → ${changesKept + 9}`);
  });
});

describe('scopes', () => {
  it('given no word yet, then the slice is never, not fresh', () => {
    expect(freshness(emptyWorld).kind).toBe('never');
  });

  it('given two scopes of which one fails, then the slice is failing', () => {
    const world = fold(
      entriesOf([said({ kind: 'synced' }, 'a'), said({ kind: 'synced' }, 'b'), down('b')]),
    );
    expect(freshness(world).kind).toBe('failing');
  });

  it('given a whole that never could be read, when a part can, then the parts tell', () => {
    const world = fold(entriesOf([down(), said({ kind: 'synced' }, 'a')]));
    expect([...sliceOf(world, toys).scopes.keys()]).toEqual(['a']);
    expect(freshness(world).kind).toBe('fresh');
  });

  it('given a whole that was complete once, when a part is read, then the whole is still missed', () => {
    const world = fold(
      entriesOf([said({ kind: 'synced' }), down(), said({ kind: 'synced' }, 'a')]),
    );
    expect(freshness(world).kind).toBe('failing');
  });

  it('given the last word of a scope, then how it was heard counts no more, until it is heard again', () => {
    const of = (scope: string, signal: object) => ({ probe: games.id, scope, ...signal }) as Fact;
    const last = of('a', { kind: 'observed', data: { del: 'x' } });
    const failing = (scope: string) =>
      of(scope, { kind: 'failed', failure: failure('unreachable', 'watch', 'no') });
    const synced = (scope: string) => of(scope, { kind: 'synced' });
    const scopes = (...facts: readonly Fact[]) => [
      ...sliceOf(fold(entriesOf(facts)), games).scopes.keys(),
    ];
    expect(scopes(synced(''), synced('a'), last)).toEqual(['']);
    expect(scopes(synced('b'), failing('a'), last)).toEqual(['b']);
    expect(scopes(last)).toEqual([]);
    expect(scopes(synced('a'), last, synced('a'))).toEqual(['a']);
    expect(scopes(synced('a'), failing(''), last)).toEqual(['']);
  });

  it('given a fresh slice, when it is silent for longer than patience, then it is stale', () => {
    const world = fold(entriesOf([said({ kind: 'synced' })]));
    const later = epochMs(world.at + seconds(61));
    expect(sliceFreshness(sliceOf(world, toys), toys, later)).toMatchObject({
      kind: 'stale',
      why: 'nothing heard',
    });
    expect(world.rev).toBe(revision(1));
  });
});
