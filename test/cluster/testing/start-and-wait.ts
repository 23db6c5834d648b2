import { startCluster } from '../cluster.ts';
import { processRecords } from '../process.ts';

// The owner that the test of killed runs kills: starts a cluster, says what it consists of, and stays.
const { run } = await startCluster({ nodes: 0 });
const pids = processRecords(run).map(({ identity }) => identity.pid);
console.log(JSON.stringify({ id: run.id, pids }));
setInterval(() => {}, 60_000);
