import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createApiClient } from '../../api-client.ts';
import type { Manifest } from '../../apply.ts';
import { caOf, pairOf } from '../../pki.ts';
import { inNamespace } from './in-namespace.ts';
import type { Lab } from './lab.ts';
import { pod, service } from './manifests.ts';
import type { RunbookCase } from './runbook-case.ts';

const exec = promisify(execFile);
const NAMESPACE = 'apis';

interface Behind {
  readonly name: string;
  readonly port?: number;
  /** Base64 of the CA that its certificate must be of; without one any certificate will do. */
  readonly ca?: string;
}

const apiService = ({ name, port = 443, ca }: Behind): Manifest => ({
  apiVersion: 'apiregistration.k8s.io/v1',
  kind: 'APIService',
  metadata: { name: `v1.${name}.example.com` },
  spec: {
    group: `${name}.example.com`,
    version: 'v1',
    service: { name, namespace: NAMESPACE, port },
    ...(ca ? { caBundle: ca } : { insecureSkipTLSVerify: true }),
    groupPriorityMinimum: 100,
    versionPriority: 100,
  },
});

/** Endpoints on loopback are refused; a name that means loopback is not. */
const onLoopback = (name: string, port: number): Manifest =>
  service(NAMESPACE, name, { type: 'ExternalName', externalName: 'localhost', ports: [{ port }] });

const aggregated = (
  given: string,
  name: string,
  objects: (lab: Lab) => readonly Manifest[],
  leads: RunbookCase['leads'],
): RunbookCase => ({
  alert: 'KubeAggregatedAPIDown',
  given,
  labels: { name: `v1.${name}.example.com`, namespace: 'default' },
  make: async (lab) => inNamespace(NAMESPACE, ...objects(lab))(lab),
  leads,
});

const unreadyBehind = (name: string): readonly Manifest[] => [
  pod(NAMESPACE, name, {
    script: 'echo "listening"; while true; do sleep 1; done',
    container: { readinessProbe: { exec: { command: ['false'] }, periodSeconds: 1 } },
  }),
  service(NAMESPACE, name, { selector: { app: name }, ports: [{ port: 443 }] }),
  apiService({ name }),
];

const caText = ({ cluster }: Lab): string =>
  readFileSync(caOf(cluster.run.dir).cert).toString('base64');

const failedCheck = ['reason', 'why'] as const;

const aggregatedCases: readonly RunbookCase[] = [
  aggregated('a service without ready pods', 'unready', () => unreadyBehind('unready'), [
    ['reason', 'pods'],
  ]),
  aggregated('a service that is not there', 'gone', () => [apiService({ name: 'gone' })], [
    ['reason', 'pods'],
  ]),
  aggregated(
    'a server that refuses connections',
    'refused',
    () => [onLoopback('refused', 1), apiService({ name: 'refused', port: 1 })],
    [failedCheck, ['why', 'path']],
  ),
  aggregated(
    'a server with a certificate of somebody else',
    'stranger',
    (lab) => {
      const port = lab.cluster.record.ports.controllerManager;
      return [
        onLoopback('stranger', port),
        apiService({ name: 'stranger', port, ca: caText(lab) }),
      ];
    },
    [failedCheck, ['why', 'cert']],
  ),
  aggregated(
    'a server that answers an error',
    'error',
    ({ cluster: { record } }) => {
      const port = record.ports.scheduler;
      return [onLoopback('error', port), apiService({ name: 'error', port })];
    },
    [failedCheck, ['why', 'asks']],
  ),
  {
    alert: 'KubeAggregatedAPIErrors',
    given: 'an API that is available again',
    labels: { name: 'v1beta1.metrics.k8s.io', namespace: 'default' },
    leads: [['reason', 'flaps']],
  },
];

const CLIENT = 'short-lived';

/** A certificate for less than a day, and enough requests with it that one in a hundred has it. */
const clientThatRunsOut = async ({ cluster }: Lab): Promise<void> => {
  const { dir } = cluster.run;
  const pair = pairOf(dir, CLIENT);
  const ca = caOf(dir);
  await exec(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
      ...['-days', '1', '-CA', ca.cert, '-CAkey', ca.key, '-subj', '/O=system:masters/CN=build'],
      ...['-addext', 'extendedKeyUsage=clientAuth', '-keyout', pair.key, '-out', pair.cert],
    ],
    { cwd: join(dir) },
  );
  const client = createApiClient({ ...cluster.api, ...pair });
  try {
    for (let n = 0; n < 500; n++) await client.request('/api/v1/namespaces/default');
  } finally {
    await client.close();
  }
};

const OLDER = 'sim-006';

/** A kubelet two minor versions behind, as in the middle of an upgrade; simulated nodes say what they are told. */
const olderKubelet = async ({ cluster }: Lab): Promise<void> => {
  await cluster.request(`/api/v1/nodes/${OLDER}/status`, {
    method: 'PATCH',
    contentType: 'application/merge-patch+json',
    body: { status: { nodeInfo: { kubeletVersion: 'v1.34.7' } } },
  });
};

export const apiCases: readonly RunbookCase[] = [
  ...aggregatedCases,
  {
    alert: 'KubeVersionMismatch',
    given: 'a kubelet that is older than the others',
    labels: {},
    make: olderKubelet,
    leads: [
      ['running', 'asks'],
      ['skew', 'asks'],
    ],
  },
  {
    alert: 'KubeAPIDown',
    given: 'an API server that answers',
    labels: {},
    leads: [
      ['really', 'scrape'],
      ['process', 'asks'],
    ],
  },
];

export const apiCasesInTurn: readonly RunbookCase[] = [
  {
    alert: 'KubeClientCertificateExpiration',
    given: 'certificates that are good for years',
    labels: { job: 'apiserver' },
    leads: [['when', 'who']],
  },
  {
    alert: 'KubeClientCertificateExpiration',
    given: 'a client whose certificate ends within a day',
    labels: { job: 'apiserver' },
    make: clientThatRunsOut,
    leads: [['when', 'control']],
  },
  {
    alert: 'KubeAPILatencyHigh',
    given: 'a server that nobody slows down on purpose',
    labels: { verb: 'LIST', resource: 'pods' },
    leads: [
      ['errors', 'etcd', 'which'],
      ['etcd', 'why', 'storage'],
      ['why', 'asks', 'client'],
      ['fast', 'done', 'owner'],
    ],
  },
];

/** Nothing that asks the API server answers meanwhile. */
export const apiDownCases: readonly RunbookCase[] = [
  {
    alert: 'KubeAPIDown',
    given: 'an API server that has crashed',
    labels: {},
    make: ({ cluster }) => cluster.stopApiServer(),
    undo: ({ cluster }) => cluster.startApiServer(),
    fails: ['answer'],
    leads: [['really', 'front']],
  },
];
