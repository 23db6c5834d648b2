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

interface Stage {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly selector: { readonly matchExpressions: unknown[] } };
}

// kwok's own stages would heal at once what ours break.
const standsAside: Readonly<Record<string, string>> = {
  'pod-ready': FAILURE_LABEL,
  'pod-complete': FAILURE_LABEL,
  'node-initialize': SILENT_NODE_LABEL,
};

const withExclusion = (stage: Stage): Stage => {
  const label = standsAside[stage.metadata.name];
  if (label) {
    stage.spec.selector.matchExpressions.push({
      key: `.metadata.labels["${label}"]`,
      operator: 'DoesNotExist',
    });
  }
  return stage;
};

/** kwok's stages and ours in one file. */
const writeStages = (run: Run, binaries: Binaries): string => {
  const own = readFileSync(join(harnessDir, 'stages', 'failing-pods.yaml'), 'utf8');
  const upstream = readdirSync(binaries.kwokStages).map((file) =>
    stringify(withExclusion(parse(readFileSync(join(binaries.kwokStages, file), 'utf8')))),
  );
  const path = join(run.dir, 'kwok-stages.yaml');
  writeFileSync(path, [...upstream, own].join('\n---\n'));
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
      `--config=${writeStages(run, binaries)}`,
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
