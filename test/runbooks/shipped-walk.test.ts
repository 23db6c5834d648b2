import { describe, expect, it } from 'vitest';
import { indexRunbook } from '../../src/runbooks/resolve/index-runbook.ts';
import type { Library, RunbookSource } from '../../src/runbooks/resolve/library.ts';
import { resolveRunbook } from '../../src/runbooks/resolve/resolve-runbook.ts';
import { preselect } from '../../src/runbooks/steps/branch-rule.ts';
import { alertRules, toldDelays } from '../cluster/incidents/etcd-21-43/alert-rules.ts';
import { shipped } from '../support/shipped-runbooks.ts';

const runbookOf = (name: string) => {
  const found = shipped.find((one) => one.name === name);
  if (found === undefined) throw new Error(`${name} is not shipped`);
  return found;
};

/** Where a step leads after what its tasks have brought; '' when the operator is asked. */
const leadsTo = (name: string, id: string, brought: Readonly<Record<string, string | number>>) => {
  const step = runbookOf(name).runbook.steps.find((s) => s.id === id);
  const results = Object.entries(brought).map(([task, said]) => ({
    task,
    text: String(said),
    json: undefined,
    values: typeof said === 'number' ? [said] : [],
    well: true,
  }));
  const chosen = preselect(step?.branches ?? [], results);
  return chosen.kind === 'one' ? step?.branches[chosen.branch]?.to : '';
};

describe('the evening of 21:43', () => {
  const name = 'etcd-insufficient-members.md';
  const fatal =
    'message: discovery failed: member 2943212f5e2cf73 has already been bootstrapped\n exitCode: 1';

  it('given one member of three and data that is gone, when it is walked, then it leads to the restore and its rule', () => {
    // 1 that answers, less the 2 of a majority of 3.
    expect(
      leadsTo(name, 'quorum', { spare: 1 - 2, pods: 'etcd-payments-1-real-1 CrashLoopBackOff' }),
    ).toBe('why');
    expect(leadsTo(name, 'why', { said: fatal, log: fatal })).toBe('keep');
    const { steps } = runbookOf(name).runbook;
    const way = ['stop'];
    for (const id of way) {
      const next = steps.find((s) => s.id === id)?.next ?? null;
      if (next !== null) way.push(next);
    }
    expect(way).toEqual(['stop', 'restore', 'rule', 'up', 'leader']);
    expect(leadsTo(name, 'leader', { leading: 3 - 1 })).toBe('clients');
    expect(leadsTo(name, 'leader', { leading: 1 - 1 })).toBe('tell');
  });

  it('given three members, when they are restored, then each by its own address, all under one new token', () => {
    const restores = runbookOf(name)
      .text.split('\n')
      .filter((line) => line.startsWith('etcdutl snapshot restore '));
    expect(restores).toHaveLength(3);
    for (const [n, line] of restores.entries()) {
      expect(line).toContain(`--name=payments-${n} --data-dir=/var/lib/etcd/payments-${n} `);
      expect(line).toContain(`--initial-advertise-peer-urls=https://<address>:${2380 + 100 * n} `);
      expect(line).toContain('--initial-cluster-token=payments-2 --bump-revision=');
    }
    const clusters = restores.map((line) => /--initial-cluster=(\S+)/.exec(line)?.[1]);
    expect(new Set(clusters).size).toBe(1);
    for (const n of [0, 1, 2])
      expect(runbookOf(name).text).toContain(`\nx /var/lib/etcd/payments-${n}\n`);
  });

  it('given members that are down, when the quorum holds or not, then another runbook is never guessed', () => {
    expect(leadsTo('etcd-members-down.md', 'quorum', { spare: 0 })).toBe('why');
    expect(leadsTo('etcd-members-down.md', 'quorum', { spare: -1 })).toBe('lost');
    expect(leadsTo('etcd-members-down.md', 'why', { said: fatal })).toBe('replace');
    expect(leadsTo('etcd-members-down.md', 'why', { said: 'exitCode: 1' })).toBe('');
  });

  it('given what a crash-looping gateway says, when its reason is asked for, then its dependency is named', () => {
    const crash = 'kube-pod-crash-looping.md';
    const log = 'failed to connect to etcd: context deadline exceeded';
    expect(
      leadsTo(crash, 'why', { said: 'exitCode: 1', last: log, events: 'nothing is there' }),
    ).toBe('dependency');
    expect(leadsTo(crash, 'why', { said: 'reason: OOMKilled', last: '', events: '' })).toBe(
      'memory',
    );
    // Two reasons at once are for a person to weigh.
    expect(leadsTo(crash, 'why', { said: 'reason: OOMKilled', last: log, events: '' })).toBe('');
  });

  it('given its alert rules, when their runbooks are looked for, then each leads to a shipped one', () => {
    const source: RunbookSource = {
      name: 'shipped',
      kind: 'shipped',
      root: '/runbooks',
      commit: { kind: 'none' },
      problems: [],
    };
    const entries = shipped.map((one) => ({
      ...indexRunbook(one.text, one.name),
      source,
      path: one.name,
      modified: 0,
    }));
    const library: Library = { sources: [source], entries };
    const settings = { prefixes: [], fetch: false, allowHosts: [] };
    const led = alertRules(toldDelays)
      .flatMap(({ rules }) => rules)
      .map(({ alert = '', labels = {}, annotations = {} }) => {
        const named = { labels: { ...labels, alertname: alert }, annotations };
        const found = resolveRunbook(named, library, settings);
        return [
          alert,
          found.kind === 'found' ? `${found.by.rule} ${found.entry.path}` : found.kind,
        ];
      });
    expect(Object.fromEntries(led)).toEqual({
      etcdMembersDown: 'alias etcd-members-down.md',
      etcdInsufficientMembers: 'alias etcd-insufficient-members.md',
      etcdNoLeader: 'alias etcd-insufficient-members.md',
      KubePodCrashLooping: 'alias kube-pod-crash-looping.md',
      KubeNodeNotReady: 'alias kube-node-not-ready.md',
      Watchdog: 'alerts watchdog.md',
    });
  });
});

/** What a Kubernetes 1.36 said of objects that were broken on purpose: step, what its tasks brought, and where it leads. */
const said: readonly (readonly [
  file: string,
  step: string,
  brought: Readonly<Record<string, string>>,
  to: string,
])[] = [
  ['kube-pod-crash-looping.md', 'why', { said: 'exitCode: 128 reason: StartError' }, 'image'],
  ['kube-pod-crash-looping.md', 'why', { said: 'exitCode: 127 reason: Error' }, 'image'],
  [
    'kube-pod-crash-looping.md',
    'why',
    {
      said: 'exitCode: 137 reason: Error',
      events: 'Container main failed liveness probe, will be restarted',
    },
    'other',
  ],
  [
    'kube-pod-crash-looping.md',
    'other',
    { kills: 'Container main failed liveness probe' },
    'probe',
  ],
  ['kube-pod-not-ready.md', 'state', { said: 'reason: CreateContainerConfigError' }, 'mount'],
  [
    'kube-pod-not-ready.md',
    'state',
    {
      said: 'reason: ContainerCreating',
      events: 'FailedMount MountVolume.SetUp failed for volume "v"',
    },
    'mount',
  ],
  ['kube-pod-not-ready.md', 'state', { said: 'reason: ImagePullBackOff' }, 'image'],
  [
    'kube-pod-not-ready.md',
    'state',
    { said: "message: '0/3 nodes' reason: Unschedulable" },
    'place',
  ],
  ['kube-pod-not-ready.md', 'state', { events: 'Unhealthy Readiness probe failed: ' }, 'probe'],
  [
    'kube-persistent-volume-claim-pending.md',
    'events',
    { recent: 'ProvisioningFailed storageclass.storage.k8s.io "nope" not found' },
    'classes',
  ],
  [
    'kube-persistent-volume-claim-pending.md',
    'events',
    {
      recent:
        'FailedBinding no persistent volumes available for this claim and no storage class is set',
    },
    'classes',
  ],
  [
    'kube-persistent-volume-claim-pending.md',
    'events',
    { recent: 'WaitForFirstConsumer waiting for first consumer to be created before binding' },
    'pod',
  ],
  [
    'kube-persistent-volume-claim-pending.md',
    'events',
    {
      recent:
        'ExternalProvisioning Waiting for a volume to be created either by the external provisioner',
    },
    'driver',
  ],
  [
    'kube-deployment-replicas-mismatch.md',
    'pods',
    {
      described:
        'FailedCreate Error creating: pods "x" is forbidden: exceeded quota: q, requested: pods=1',
    },
    'refused',
  ],
  ['kube-job-failed.md', 'why', { said: 'reason: BackoffLimitExceeded' }, 'log'],
  ['kube-job-failed.md', 'why', { said: 'reason: DeadlineExceeded' }, 'slow'],
  ['kube-aggregated-api-down.md', 'reason', { said: 'reason: ServiceNotFound' }, 'pods'],
];

describe('what a cluster says', () => {
  it.each(said)(
    'given %s, when %s has brought %j, then it leads to %s',
    (file, step, brought, to) => {
      expect(leadsTo(file, step, brought)).toBe(to);
    },
  );
});
