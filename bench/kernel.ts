/** What 10 000 pods cost inside, one step after the other, without a cluster: `node bench/kernel.ts`. */
import { performance } from 'node:perf_hooks';
import { allProbes } from '../src/cli/probes.ts';
import { type Fact, probeId } from '../src/kernel/fact.ts';
import { Journal } from '../src/kernel/journal.ts';
import { Store } from '../src/kernel/store.ts';
import { foldWorld, saveWorld } from '../src/kernel/world.ts';
import type { Pod } from '../src/probes/pods.ts';
import { explorer } from '../src/views/explorer.ts';
import { placeOf } from '../src/views/session.ts';
import { container, now, pod } from '../test/support/objects.ts';
import { contentOf } from '../test/support/scenes.ts';
import { spreadOf } from './statistics.ts';

const many = 10_000;
const repeats = 12;
const podsId = probeId('pods');

const made = (i: number, restarts = 0): Pod =>
  pod(`service-${String(i % 200).padStart(3, '0')}-${i}`, {
    namespace: `team-${i % 10}`,
    node: `node-${i % 100}`,
    containers: [container(), container()],
    restarts,
  });

const put = (object: Pod): Fact => ({
  kind: 'observed',
  probe: podsId,
  scope: '',
  data: { put: object },
});

const clock = { now: () => now };
const all = Array.from({ length: many }, (_, i) => put(made(i)));
// As if copied from another thread: nothing of it is shared.
const copied = () => structuredClone(all);

const filled = () => {
  const journal = new Journal({ clock });
  const store = new Store(allProbes);
  store.push(journal.append([...copied(), { kind: 'synced', probe: podsId, scope: '' }]));
  store.flush();
  return { journal, store };
};

const timed = (title: string, work: () => () => unknown): void => {
  const times = Array.from({ length: repeats }, () => {
    const measured = work();
    const began = performance.now();
    measured();
    return performance.now() - began;
  });
  // The first ones compile.
  const { min, median, max } = spreadOf(times.slice(2));
  const [a, b, c] = [min, median, max].map((n) => n.toFixed(1).padStart(7));
  console.log(`${title.padEnd(52)} ${a} / ${b} / ${c} ms`);
};

console.log(`${'10 000 pods'.padEnd(52)}     min /  median /     max`);
timed('copy between threads (both sides)', () => copied);
timed('append to the journal: strip, redact, keep', () => {
  const facts = copied();
  const journal = new Journal({ clock });
  return () => journal.append(facts);
});
timed('fold them into an empty world', () => {
  const entries = new Journal({ clock }).append(copied());
  const store = new Store(allProbes);
  return () => foldWorld(store.probes, store.world(), entries);
});
timed('fold 50 changes into it', () => {
  const { journal, store } = filled();
  const entries = journal.append(Array.from({ length: 50 }, (_, i) => put(made(i * 7, 1))));
  return () => foldWorld(store.probes, store.world(), entries);
});
timed('table of them, first time', () => {
  const { store } = filled();
  return () => contentOf(explorer, store.world(), placeOf('explorer', { resource: 'pods' }));
});
timed('table of them, after 50 changes', () => {
  const { journal, store } = filled();
  const place = placeOf('explorer', { resource: 'pods' });
  contentOf(explorer, store.world(), place);
  store.push(journal.append(Array.from({ length: 50 }, (_, i) => put(made(i * 7, 1)))));
  store.flush();
  return () => contentOf(explorer, store.world(), place);
});
timed('snapshot of the world, as JSON', () => {
  const { store } = filled();
  return () => JSON.stringify(saveWorld(store.probes, store.world()));
});
