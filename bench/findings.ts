/**
 * How long one diagnosis takes, by the number of pods and how many of them are not well.
 * `best` is what it costs on an idle machine; the others tell of the neighbours and of garbage collection too.
 * Run it with `node bench/findings.ts`; it prints one line a case.
 */
import { health } from '../src/findings/health.ts';
import { epochMs } from '../src/kernel/units.ts';
import { crashing, node, now, owner, pod, workload } from '../test/support/objects.ts';
import { type Listed, worldOf } from '../test/support/world-of.ts';

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

const run = (title: string, pods: number, sickEvery: number): void => {
  const world = worldOf(listed(pods, sickEvery));
  const took: number[] = [];
  for (let i = 0; i < rounds; i += 1) {
    // Another ten seconds each time: nothing is remembered from the round before.
    const at = epochMs(now + (i % 6) * 10_000);
    const fresh = { ...world, slices: new Map(world.slices) };
    const from = performance.now();
    health(fresh, at);
    took.push(performance.now() - from);
  }
  const sorted = took.slice(10).sort((a, b) => a - b);
  const at = (share: number) => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(2);
  console.log(`${title.padEnd(28)} best ${at(0)} ms  p50 ${at(0.5)} ms  p95 ${at(0.95)} ms`);
};

run('1 000 pods, all well', 1000, 0);
run('10 000 pods, all well', 10_000, 0);
run('10 000 pods, 1 % not well', 10_000, 100);
run('10 000 pods, 10 % not well', 10_000, 10);
run('10 000 pods, none well', 10_000, 1);
run('100 000 pods, all well', 100_000, 0);
