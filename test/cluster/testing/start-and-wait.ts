import { clusterObstacle, startCluster } from '../cluster.ts';
import { processRecords } from '../process.ts';
import { workload } from '../workloads.ts';

// The owner that the test of killed runs kills: starts a cluster with a pod, says what it consists of,
// and stays. A real node where one can be had, because that is what leaves most behind.
const realNode = clusterObstacle({ realNode: true }) === undefined;
const cluster = await startCluster({ nodes: realNode ? 0 : 1, realNode });
const deployment = workload(cluster, { name: 'orphan', namespace: 'default' });
await cluster.apply([deployment]);
await cluster.waitFor({ until: 'the pod runs', timeoutMs: 60_000 }, async () => {
  const { status } = await cluster.read(deployment);
  return status.readyReplicas === 1;
});
const pids = processRecords(cluster.run).map(({ identity }) => identity.pid);
console.log(JSON.stringify({ id: cluster.run.id, pids }));
setInterval(() => {}, 60_000);
