/**
 * How long one diagnosis takes, by the number of pods and how many of them are not well, anew and after a
 * few changes.
 * `best` is what it costs on an idle machine; the others tell of the neighbours and of garbage collection too.
 * Run it with `node bench/findings.ts`; it prints one line a case.
 */
import { health } from '../src/findings/health.ts';
import { epochMs, revision } from '../src/kernel/units.ts';
import { sliceOf, type World } from '../src/kernel/world.ts';
import { type Pod, pods } from '../src/probes/pods.ts';
import { crashing, node, now, owner, pod, workload } from '../test/support/objects.ts';
import { type Listed, worldOf } from '../test/support/world-of.ts';
import { quantile } from './statistics.ts';

const perDeployment = 10;

const listed = (pods: number, sickEvery: number): Listed => {
  const deployments = Math.ceil(pods / perDeployment);
  const names = Array.from({ length: deployments }, (_, i) => `app-${i}`);
  const namespaceOf = (i: number): string => `team-${i % 40}`;
  const isSick = (i: number): boolean => sickEvery > 0 && i % sickEvery === 0;
  const sickIn = (app: number): number =>
    Array.from({ length: perDeployment }, (_, j) => app * perDeployment + j).filter(isSick).length;
  return {
    nodes: Array.from({ length: Math.ceil(pods / 50) }, (_, i) => node(`worker-${i}`)),
    deployments: names.map((name, i) =>
      workload(name, {
        namespace: namespaceOf(i),
        desired: perDeployment,
        ready: perDeployment - sickIn(i),
      }),
    ),
    replicasets: names.map((name, i) =>
      workload(`${name}-1`, {
        namespace: namespaceOf(i),
        desired: perDeployment,
        owner: owner('Deployment', name),
      }),
    ),
    pods: Array.from({ length: pods }, (_, i) => {
      const app = Math.floor(i / perDeployment);
      const over = {
        namespace: namespaceOf(app),
        node: `worker-${i % Math.ceil(pods / 50)}`,
        owner: owner('ReplicaSet', `app-${app}-1`),
      };
      const name = `app-${app}-1-${i}`;
      return isSick(i) ? crashing(name, 'failed to connect to etcd', over) : pod(name, over);
    }),
  };
};

const rounds = 60;
const changed = 50;

const timesOf = (rounds: number, round: (i: number) => () => unknown): readonly number[] =>
  Array.from({ length: rounds }, (_, i) => {
    const work = round(i);
    const from = performance.now();
    work();
    return performance.now() - from;
  }).slice(10);

const print = (title: string, took: readonly number[]): void => {
  const at = (share: number) => quantile(took, share).toFixed(2);
  console.log(`${title.padEnd(44)} best ${at(0)} ms  p50 ${at(0.5)} ms  p95 ${at(0.95)} ms`);
};

const withPods = (world: World, state: unknown): World => {
  const slice = { ...sliceOf(world, pods), state };
  return { ...world, slices: new Map([...world.slices, [pods.id, slice]]) };
};

const run = (title: string, count: number, sickEvery: number): void => {
  let world = worldOf(listed(count, sickEvery));
  print(
    title,
    timesOf(rounds, (i) => {
      // Another ten seconds and other pods each time: nothing is remembered from the round before.
      const at = epochMs(now + (i % 6) * 10_000);
      const fresh = withPods(world, new Map(sliceOf(world, pods).state));
      return () => health(fresh, at);
    }),
  );
  health(world, now);
  print(
    `${title}, after ${changed} changes`,
    timesOf(rounds, (i) => {
      const { state } = sliceOf(world, pods);
      const all = [...state.values()];
      const batch = Array.from({ length: changed }, (_, n) => {
        const one = all[((i * changed + n) * 7919) % all.length] as Pod;
        const data = { put: { ...one, restarts: one.restarts + 1 } };
        return { rev: revision(n + 1), at: now, scope: '', data, settled: false };
      });
      world = withPods(world, pods.fold(state, batch).state);
      return () => health(world, now);
    }),
  );
};

run('1 000 pods, all well', 1000, 0);
run('10 000 pods, all well', 10_000, 0);
run('10 000 pods, 1 % not well', 10_000, 100);
run('10 000 pods, 10 % not well', 10_000, 10);
run('10 000 pods, none well', 10_000, 1);
run('100 000 pods, all well', 100_000, 0);
