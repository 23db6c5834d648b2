import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { Binaries } from './binaries.ts';
import type { ClusterPorts } from './cluster-record.ts';
import { harnessDir } from './paths.ts';
import { pairOf } from './pki.ts';
import { startProcess, waitReady } from './process.ts';
import type { Run } from './run-dir.ts';

export const FAILURE_LABEL = 'simulate.midwatch.dev/failure';
export const MESSAGE_ANNOTATION = 'simulate.midwatch.dev/message';
export const EXIT_CODE_ANNOTATION = 'simulate.midwatch.dev/exit-code';
export const SILENT_NODE_LABEL = 'simulate.midwatch.dev/not-ready';

interface KwokObject {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly selector?: { readonly matchExpressions: unknown[] } };
}

// kwok's own stages would heal at once what ours break, or be played instead of them by chance.
const standsAside: Readonly<Record<string, string>> = {
  'pod-ready': FAILURE_LABEL,
  'pod-complete': FAILURE_LABEL,
  'node-initialize': SILENT_NODE_LABEL,
  'node-heartbeat-with-lease': SILENT_NODE_LABEL,
};

const withExclusion = (object: KwokObject): KwokObject => {
  const label = standsAside[object.metadata.name];
  if (label) {
    object.spec.selector?.matchExpressions.push({
      key: `.metadata.labels["${label}"]`,
      operator: 'DoesNotExist',
    });
  }
  return object;
};

const LOG_LINES = 300;

/** What `logs` of any simulated pod says: one line a second up to now, in the format of containerd. */
const writeSimulatedLog = (run: Run, now: number): string => {
  const lines = Array.from({ length: LOG_LINES }, (_, index) => {
    const time = new Date(now - (LOG_LINES - index) * 1000).toISOString();
    return `${time} stdout F level=info msg="request served" id=${index} status=200`;
  });
  const path = join(run.dir, 'simulated-pod.log');
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
};

/** kwok's stages and metrics, our stages, and the log of simulated pods in one file. */
const writeConfig = (run: Run, binaries: Binaries): string => {
  const own = readFileSync(join(harnessDir, 'stages', 'failing-pods.yaml'), 'utf8');
  const upstream = readdirSync(binaries.kwokConfig).map((file) =>
    stringify(withExclusion(parse(readFileSync(join(binaries.kwokConfig, file), 'utf8')))),
  );
  const logs = stringify({
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'ClusterLogs',
    metadata: { name: 'simulated-pods' },
    spec: { logs: [{ logsFile: writeSimulatedLog(run, Date.now()), follow: true }] },
  });
  const path = join(run.dir, 'kwok.yaml');
  writeFileSync(path, [...upstream, own, logs].join('\n---\n'));
  return path;
};

/** Plays every node labelled type=kwok, and the pods bound to it. */
export const startKwok = async (
  run: Run,
  binaries: Binaries,
  ports: ClusterPorts,
  kubeconfig: string,
  signal?: AbortSignal,
): Promise<void> => {
  const serving = pairOf(run.dir, 'kube-apiserver');
  const record = await startProcess(run, {
    name: 'kwok',
    command: binaries.path('kwok'),
    args: [
      `--kubeconfig=${kubeconfig}`,
      `--config=${writeConfig(run, binaries)}`,
      '--manage-nodes-with-label-selector=type=kwok',
      '--node-lease-duration-seconds=40',
      '--cidr=10.128.0.0/10',
      // What is asked of a simulated kubelet (logs, say) ends at kwok itself, never on some real address.
      '--node-ip=127.0.0.1',
      '--node-name=localhost',
      `--node-port=${ports.kwok}`,
      `--tls-cert-file=${serving.cert}`,
      `--tls-private-key-file=${serving.key}`,
      `--server-address=127.0.0.1:${ports.kwok}`,
    ],
  });
  await waitReady(
    record,
    20_000,
    async () => (await fetch(`http://127.0.0.1:${ports.kwok}/healthz`)).ok,
    signal,
  );
};
