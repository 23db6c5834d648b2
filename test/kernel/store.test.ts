import { describe, expect, it } from 'vitest';
import type { Fact } from '../../src/kernel/fact.ts';
import { Store } from '../../src/kernel/store.ts';
import { emptyWorld, foldWorld } from '../../src/kernel/world.ts';
import { entriesOf } from '../support/any-facts.ts';
import { toyProbe } from '../support/toy-probe.ts';

const toys = toyProbe();
const facts: readonly Fact[] = [
  { kind: 'synced', probe: toys.id, scope: '' },
  { kind: 'observed', probe: toys.id, scope: '', data: { put: 'a', value: 1 } },
  { kind: 'mark', label: 'here' },
];
const entries = entriesOf(facts);

const watched = () => {
  const store = new Store([toys]);
  let told = 0;
  const stop = store.subscribe(() => {
    told += 1;
  });
  return { store, stop, told: () => told };
};

describe('the store', () => {
  it('given entries, then nothing moves before the flush, and one flush is one notification', () => {
    const { store, told } = watched();
    store.push(entries.slice(0, 1));
    store.push(entries.slice(1));
    expect([store.world(), store.dirty, told()]).toEqual([emptyWorld, true, 0]);
    store.flush();
    expect(store.world()).toEqual(foldWorld(store.probes, emptyWorld, entries));
    expect([store.dirty, told()]).toEqual([false, 1]);
  });

  it('given nothing new, then a flush keeps the very same world and tells nobody', () => {
    const { store, told } = watched();
    const before = store.world();
    store.flush();
    expect(store.world()).toBe(before);
    expect(told()).toBe(0);
  });

  it('given another world, then it is in place at once and what was pending is dropped', () => {
    const { store, told } = watched();
    store.push(entries);
    const other = foldWorld(store.probes, emptyWorld, entries.slice(0, 1));
    store.reset(other);
    store.flush();
    expect(store.world()).toBe(other);
    expect(told()).toBe(1);
  });

  it('given a subscriber that leaves while it is told, then the others are told all the same', () => {
    const { store, told } = watched();
    const early = store.subscribe(() => early());
    let later = 0;
    store.subscribe(() => {
      later += 1;
    });
    store.push(entries);
    store.flush();
    store.reset(emptyWorld);
    expect([told(), later]).toEqual([2, 2]);
  });
});
