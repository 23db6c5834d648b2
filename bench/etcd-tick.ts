/**
 * How long it takes to judge again when only etcd has answered, among 10 000 pods of which 1 % are not well. The
 * pods are not diagnosed again; what is measured is etcd, the causes, the ranking and the standings.
 * Run it with `node bench/etcd-tick.ts`; it prints one line a case.
 */
import { health } from '../src/findings/health.ts';
import { revision } from '../src/kernel/units.ts';
import type { World } from '../src/kernel/world.ts';
import {
  quorumLost,
  statusFact,
  type TimedFacts,
  told,
  wellMembers,
  withEtcd,
} from '../test/support/etcd-world.ts';
import { endpointSlice, service } from '../test/support/more-objects.ts';
import { crashing, node, now, owner, pod, workload } from '../test/support/objects.ts';
import { type Listed, worldOf } from '../test/support/world-of.ts';

const pods = 10_000;
const sickEvery = 100;
const perDeployment = 10;

const listed = (message: string): Listed => {
  const names = Array.from({ length: pods / perDeployment }, (_, i) => `app-${i}`);
  const isSick = (i: number): boolean => i % sickEvery === 0;
  return {
    nodes: Array.from({ length: 200 }, (_, i) => node(`worker-${i}`)),
    deployments: names.map((name, i) =>
      workload(name, { desired: perDeployment, ready: isSick(i * perDeployment) ? 9 : 10 }),
    ),
    replicasets: names.map((name) =>
      workload(`${name}-1`, { desired: perDeployment, owner: owner('Deployment', name) }),
    ),
    services: names.map((name) => service(name)),
    endpointslices: names.map((name) => endpointSlice(name, 9, 1)),
    pods: Array.from({ length: pods }, (_, i) => {
      const app = `app-${Math.floor(i / perDeployment)}`;
      const over = { node: `worker-${i % 200}`, owner: owner('ReplicaSet', `${app}-1`) };
      return isSick(i) ? crashing(`${app}-${i}`, message, over) : pod(`${app}-${i}`, over);
    }),
  };
};

const rounds = 400;

const run = (title: string, message: string, facts: TimedFacts, anew = false): void => {
  let world: World = withEtcd(worldOf(listed(message)), facts);
  health(world, now);
  const took: number[] = [];
  for (let i = 0; i < rounds; i += 1) {
    // A member that has written some more: every answer is another one. Another term is told in the findings too.
    const term = anew ? 9 + i : 9;
    const answer = told(1, statusFact(0, { leader: '', term, index: 48_213 + i }));
    world = withEtcd({ ...world, rev: revision(world.rev + 1) }, answer);
    const from = performance.now();
    health(world, now);
    took.push(performance.now() - from);
  }
  const sorted = took.slice(100).sort((a, b) => a - b);
  const at = (share: number) => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(3);
  console.log(`${title.padEnd(44)} best ${at(0)} ms  p50 ${at(0.5)} ms  p95 ${at(0.95)} ms`);
};

const named =
  'failed to connect to etcd: context deadline exceeded (10.88.0.1:2379, 10.88.0.2:2379)';
run('nothing about etcd, members well', 'out of memory', wellMembers());
run('quorum lost, nobody names it', 'out of memory', quorumLost());
run('quorum lost, 100 workloads name it', named, quorumLost());
run('the same, and every answer changes a finding', named, quorumLost(), true);
