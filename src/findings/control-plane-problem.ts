import { hours, minutes, seconds } from '../kernel/units.ts';
import type { ControlPlaneState, Endpoint } from '../probes/control-plane.ts';
import type { Lease } from '../probes/leases.ts';
import type { LinkState } from '../probes/link.ts';
import { earliest, type Facts, proofOf } from './facts.ts';
import type { Finding, Proof } from './finding.ts';
import { newestRenewal } from './renewal.ts';
import { some } from './words.ts';

export interface ControlPlane {
  readonly link: LinkState;
  readonly controlPlane: ControlPlaneState;
}

/** Key of the finding that says that nobody answers. What is known beside it is old. */
export const linkKey = 'api/link';

/** Weights of what everything leans on, as if so many pods were hurt. */
const weights = { link: 100_000, etcd: 10_000, api: 5000, controller: 2000 };

/** Renewed every 2 s and known in steps of 30 s; given up after 15 s. */
const leaseAllowed = seconds(30 + 30);
/** Without any other lease to compare with, our own clock must do, and may be wrong by some. */
const clockAllowed = minutes(5);
/** A lease this old is a remainder of another way to run the cluster. */
const leaseAbandoned = hours(24);
/** Kubelets may be this many minor versions older than the API server, and not newer. */
const skewAllowed = 3;

export const controlPlaneProblems = (
  { link, controlPlane }: ControlPlane,
  facts: Facts,
): readonly Finding[] =>
  [
    linkDown(link),
    ...endpointFindings('readyz', controlPlane),
    // What is not ready is told; what is not even alive and yet ready is rare enough to be told apart.
    ...(controlPlane.readyz?.ok === false ? [] : endpointFindings('livez', controlPlane)),
    leaderless('kube-scheduler', 'no pod gets a node', link, facts),
    leaderless('kube-controller-manager', 'nothing is created or replaced', link, facts),
    skewed(controlPlane, facts),
  ].filter((f) => f !== null);

const finding = (
  parts: Pick<Finding, 'key' | 'subsystem' | 'title' | 'reason' | 'weight' | 'since' | 'proof'> &
    Partial<Finding>,
): Finding => ({ tone: 'bad', detail: '', ready: null, object: null, under: null, ...parts });

const linkDown = (link: LinkState): Finding | null => {
  if (link.state !== 'unhealthy') return null;
  const since = earliest([link.lastAnswer ?? 0]) || earliest([link.since ?? 0]);
  return finding({
    key: linkKey,
    subsystem: 'api',
    title: 'API link',
    reason: 'the API server does not answer us',
    detail: link.why,
    weight: weights.link,
    since,
    proof: [
      proofOf(
        'link',
        `${some(link.missed, 'heartbeat')} missed in a row: ${link.why}`,
        link.since ?? 0,
      ),
      ...(link.lastAnswer === null ? [] : [proofOf('link', 'last answer', link.lastAnswer)]),
    ],
  });
};

/** Checks of etcd within the API server's own: the only word about etcd that is heard here. */
export const isEtcdCheck = (name: string): boolean => /^etcd\b/.test(name);

interface Failing {
  readonly name: string;
  readonly reason: string;
  readonly since: number;
}

const endpointFindings = (
  endpoint: Endpoint,
  state: ControlPlaneState,
): readonly (Finding | null)[] => {
  const seen = state[endpoint];
  if (seen === null || seen.ok) return [];
  const failing = [...seen.checks].flatMap(([name, c]): Failing[] =>
    c.ok ? [] : [{ name, reason: c.reason, since: c.since }],
  );
  const etcd = failing.filter((c) => isEtcdCheck(c.name));
  const own = failing.filter((c) => !isEtcdCheck(c.name));
  return [
    etcd.length === 0 ? null : checkFinding('etcd', endpoint, etcd),
    own.length === 0 && etcd.length > 0 ? null : checkFinding('api', endpoint, own),
  ];
};

const checkFinding = (
  subsystem: 'api' | 'etcd',
  endpoint: Endpoint,
  failing: readonly Failing[],
): Finding => {
  const names = failing.map((c) => c.name).join(', ');
  const proof: readonly Proof[] = failing.map((c) =>
    proofOf('control-plane', `${endpoint} check ${c.name} fails: ${c.reason}`, c.since),
  );
  return finding({
    key: `${subsystem}/${endpoint}`,
    subsystem,
    title: subsystem === 'etcd' ? 'etcd, as the API server sees it' : 'API server',
    reason: `${endpoint} fails${names === '' ? ', no check says why' : `: ${names}`}`,
    // The server withholds the reason from most users, in words that say nothing.
    detail: failing.map((c) => c.reason).find((r) => r !== '' && r !== 'reason withheld') ?? '',
    weight: weights[subsystem],
    since: earliest(failing.map((c) => c.since)),
    proof: proof.length > 0 ? proof : [proofOf('control-plane', `${endpoint} fails`, 0)],
  });
};

const leaderless = (
  name: string,
  effect: string,
  link: LinkState,
  { leases, now }: Facts,
): Finding | null => {
  const lease: Lease | undefined = leases.get(`kube-system/${name}`);
  if (!lease?.renewed) return null;
  const serverNow = now + (link.serverSkew ?? 0);
  const late = Math.max(newestRenewal(leases.values()), serverNow - clockAllowed) - lease.renewed;
  if (late <= leaseAllowed || late > leaseAbandoned) return null;
  return finding({
    key: `api/${name}`,
    subsystem: 'api',
    title: name,
    reason: `its lease is not renewed: ${effect}`,
    detail: '',
    weight: weights.controller,
    since: lease.renewed,
    object: { resource: 'leases', namespace: 'kube-system', name },
    proof: [
      proofOf('leases', `last renewed, by ${lease.holder || 'nobody'}`, lease.renewed),
      proofOf('leases', 'newest renewal of any lease', newestRenewal(leases.values())),
    ],
  });
};

const minorOf = (version: string): number => Number(/^v?1\.(\d+)/.exec(version)?.[1] ?? -1);

const skewed = ({ version }: ControlPlaneState, { nodes }: Facts): Finding | null => {
  const server = minorOf(version);
  if (server < 0) return null;
  const off = [...nodes.values()].filter((n) => {
    const minor = minorOf(n.kubelet);
    return minor >= 0 && (server - minor > skewAllowed || minor > server);
  });
  const first = off[0];
  if (first === undefined) return null;
  const newer = minorOf(first.kubelet) > server;
  return finding({
    key: 'nodes/version-skew',
    subsystem: 'nodes',
    tone: 'warn',
    title: 'kubelet versions',
    reason: `${some(off.length, 'node')} ${newer ? 'newer than' : `more than ${skewAllowed} minor versions behind`} the API server ${version}`,
    weight: 1,
    since: earliest([]),
    object: { resource: 'nodes', namespace: '', name: first.name },
    proof: off.slice(0, 3).map((n) => proofOf('nodes', `${n.name}: kubelet ${n.kubelet}`, 0)),
  });
};
