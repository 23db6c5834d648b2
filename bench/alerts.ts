/**
 * What 5 000 alerts cost the thread that paints, without a cluster: `node bench/alerts.ts`. An Alertmanager answers and
 * tells nothing new; one alert of them is new; pods change while nothing is answered.
 */
import { performance } from 'node:perf_hooks';
import { allProbes } from '../src/cli/probes.ts';
import { health } from '../src/findings/health.ts';
import type { AlertData } from '../src/kernel/alert-fact.ts';
import { type Fact, probeId } from '../src/kernel/fact.ts';
import { Journal } from '../src/kernel/journal.ts';
import { Store } from '../src/kernel/store.ts';
import { epochMs } from '../src/kernel/units.ts';
import { streamList } from '../src/views/alerts/stream-list.ts';
import { now, pod } from '../test/support/objects.ts';
import { quantile } from './statistics.ts';

const many = 5000;
const pods = 1000;
const rounds = 60;
const warm = 10;

const scope = 'am-0';
const tell = (data: AlertData): Fact => ({
  kind: 'observed',
  probe: probeId('alerts'),
  scope,
  data,
});
const synced = (probe: string, of = ''): Fact => ({
  kind: 'synced',
  probe: probeId(probe),
  scope: of,
});
const put = (i: number, restarts = 0): Fact => ({
  kind: 'observed',
  probe: probeId('pods'),
  scope: '',
  data: { put: pod(`app-${i}`, { namespace: `team-${i % 40}`, restarts }) },
});

const fires = (i: number, minutes = i % 60): Fact =>
  tell({
    kind: 'alert',
    id: `alert/${i}`,
    alert: {
      fingerprint: i.toString(16).padStart(16, '0'),
      labels: {
        alertname: `Bench${i % 250}`,
        severity: ['critical', 'warning', 'info'][i % 3] ?? '',
        namespace: `team-${i % 40}`,
        pod: `app-${i}`,
      },
      annotations: { summary: `app-${i} waits for longer than ${minutes} minutes` },
      startsAt: epochMs(now - 7_200_000 - i * 1000),
      state: 'firing',
      silencedBy: [],
      inhibitedBy: [],
      mutedBy: [],
      receivers: ['nobody'],
      group: `{alertname="Bench${i % 250}", pod="app-${i}"}`,
      generatorUrl: '',
    },
  });

let at = now;
const journal = new Journal({ clock: { now: () => at } });
const store = new Store(allProbes);
const fold = (facts: readonly Fact[]): void => {
  store.push(journal.append(facts));
  store.flush();
};
const choice = { filter: '', quiet: false, group: '' };
const look = (): void => {
  streamList(health(store.world(), at).alerts, choice);
};

fold([
  ...Array.from({ length: pods }, (_, i) => put(i)),
  ...Array.from({ length: many }, (_, i) => fires(i)),
  synced('pods'),
  synced('alerts', scope),
]);

const timed = (title: string, ms: number, happens: (round: number) => readonly Fact[]): void => {
  const took = Array.from({ length: rounds }, (_, i) => {
    at = epochMs(at + ms);
    const facts = structuredClone(happens(i));
    const from = performance.now();
    fold(facts);
    look();
    return performance.now() - from;
  }).slice(warm);
  const of = (share: number) => quantile(took, share).toFixed(2);
  console.log(`${title.padEnd(36)} best ${of(0)} ms  p50 ${of(0.5)} ms  p95 ${of(0.95)} ms`);
};

timed('an answer with nothing new', 5000, () => [synced('alerts', scope)]);
timed('an answer with one that is new', 5000, (i) => [fires(i, 60 + i), synced('alerts', scope)]);
timed('50 changes to pods', 250, (i) =>
  Array.from({ length: 50 }, (_, n) => put((i * 50 + n) % pods, i)),
);
