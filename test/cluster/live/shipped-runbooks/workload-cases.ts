import type { Manifest } from '../../apply.ts';
import { deploymentStuck } from '../../chaos/deployment-stuck.ts';
import { dyingWords } from '../../workloads.ts';
import { inNamespace } from './in-namespace.ts';
import type { Lab } from './lab.ts';
import { claimSpec, controller, job, NO_IMAGE, type PodParts, quota } from './manifests.ts';
import type { RunbookCase } from './runbook-case.ts';

const dies: PodParts = { script: dyingWords('no such table: orders', 1) };
const noImage: PodParts = { container: { image: NO_IMAGE } };

const available = async ({ cluster }: Lab, object: Manifest): Promise<void> => {
  await cluster.waitFor({ until: 'it is available', timeoutMs: 120_000 }, async () => {
    const { status } = await cluster.read(object);
    return status.availableReplicas === 1;
  });
};

/** One replica that is there, then two where only one may be. */
const scaledOverQuota = async (lab: Lab): Promise<void> => {
  const namespace = 'deploy-quota';
  const cart = controller('Deployment', namespace, 'cart', {});
  await inNamespace(namespace, quota(namespace, { pods: '1' }), cart)(lab);
  await available(lab, cart);
  await lab.cluster.apply([controller('Deployment', namespace, 'cart', {}, { replicas: 2 })]);
};

const deployments: readonly RunbookCase[] = [
  {
    alert: 'KubeDeploymentReplicasMismatch',
    given: 'a quota that refuses the second pod',
    labels: { namespace: 'deploy-quota', deployment: 'cart' },
    make: scaledOverQuota,
    leads: [
      ['serves', 'rollout'],
      ['rollout', 'pods'],
      ['pods', 'refused'],
      ['full', 'owner'],
    ],
  },
  {
    alert: 'KubeDeploymentRolloutStuck',
    given: 'a new version that cannot be pulled while the old one serves',
    labels: { namespace: 'chaos', deployment: 'cart' },
    make: ({ cluster }) => deploymentStuck.apply(cluster),
    leads: [
      ['serves', 'rollout'],
      ['rollout', 'undo'],
    ],
  },
  {
    alert: 'KubeDeploymentReplicasMismatch',
    given: 'no pod that is available',
    labels: { namespace: 'deploy-none', deployment: 'cart' },
    make: inNamespace('deploy-none', controller('Deployment', 'deploy-none', 'cart', dies)),
    leads: [
      ['serves', 'tell'],
      ['full', 'owner'],
    ],
  },
];

const statefulSets: readonly RunbookCase[] = [
  {
    alert: 'KubeStatefulSetReplicasMismatch',
    given: 'a member that crash-loops',
    labels: { namespace: 'set-crash', statefulset: 'ledger' },
    make: inNamespace('set-crash', controller('StatefulSet', 'set-crash', 'ledger', dies)),
    leads: [
      ['first', 'crash'],
      ['full', 'owner'],
    ],
  },
  {
    alert: 'KubeStatefulSetReplicasMismatch',
    given: 'a claim of a class that is not there',
    labels: { namespace: 'set-claim', statefulset: 'ledger' },
    make: inNamespace(
      'set-claim',
      controller(
        'StatefulSet',
        'set-claim',
        'ledger',
        {},
        {
          volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: claimSpec('nowhere') }],
        },
      ),
    ),
    leads: [['first', 'volume']],
  },
];

const daemonSets: readonly RunbookCase[] = [
  {
    alert: 'KubeDaemonSetRolloutStuck',
    given: 'a version that cannot be pulled',
    labels: { namespace: 'daemon-image', daemonset: 'agent' },
    make: inNamespace('daemon-image', controller('DaemonSet', 'daemon-image', 'agent', noImage)),
    leads: [
      ['which', 'version'],
      ['version', 'asks'],
      ['full', 'owner'],
    ],
  },
  {
    alert: 'KubeDaemonSetNotScheduled',
    given: 'a quota that leaves no room for its pods',
    labels: { namespace: 'daemon-quota', daemonset: 'agent' },
    make: inNamespace(
      'daemon-quota',
      quota('daemon-quota', { pods: '0' }),
      controller('DaemonSet', 'daemon-quota', 'agent', {}),
    ),
    leads: [['which', 'place']],
  },
];

const jobs: readonly RunbookCase[] = [
  {
    alert: 'KubeJobFailed',
    given: 'a job that ended with an error',
    labels: { namespace: 'job-error', job_name: 'report' },
    make: inNamespace('job-error', job('job-error', 'report', dies)),
    leads: [
      ['matters', 'asks'],
      ['why', 'log'],
    ],
  },
  {
    alert: 'KubeJobFailed',
    given: 'a job that ran longer than it may',
    labels: { namespace: 'job-slow', job_name: 'report' },
    make: inNamespace('job-slow', job('job-slow', 'report', {}, { activeDeadlineSeconds: 3 })),
    leads: [['why', 'slow']],
  },
  {
    alert: 'KubeJobNotCompleted',
    given: 'a job whose pod never starts',
    labels: { namespace: 'job-start', job_name: 'report' },
    make: inNamespace('job-start', job('job-start', 'report', noImage)),
    leads: [['why', 'start']],
  },
];

export const workloadCases: readonly RunbookCase[] = [
  ...deployments,
  ...statefulSets,
  ...daemonSets,
  ...jobs,
];
