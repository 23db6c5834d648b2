import { minutes } from '../kernel/units.ts';
import type { PersistentVolumeClaim } from '../probes/persistentvolumeclaims.ts';
import type { Census } from './census.ts';
import { earliest, type Facts, proofOf } from './facts.ts';
import type { Finding } from './finding.ts';
import { titleOf, topKey } from './owner.ts';
import { startAllowed } from './pod-problem.ts';
import { weigh } from './rank.ts';

const recently = minutes(20);
const refusals = ['ProvisioningFailed', 'FailedBinding', 'VolumeMismatch', 'ClaimMisbound'];

export interface JudgedStorage {
  readonly findings: readonly Finding[];
  /** Owners of pods that the scheduler holds back for an unbound claim, with the key of that claim's finding. */
  readonly causes: ReadonlyMap<string, string>;
}

export const claimKey = (claim: { readonly namespace: string; readonly name: string }): string =>
  `claim/${claim.namespace}/${claim.name}`;

interface Waiting {
  readonly pods: number;
  readonly owners: readonly string[];
}

/** Claims that lost their volume, and claims that get none although somebody waits or the provisioner refused. */
export const storageProblems = (facts: Facts, { groups }: Census): JudgedStorage => {
  const waiting = waitingFor(groups);
  const findings: Finding[] = [];
  const causes = new Map<string, string>();
  for (const claim of facts.persistentvolumeclaims.values()) {
    const waits = waiting.get(`${claim.namespace}/${claim.name}`);
    const found = claim.phase === 'Lost' ? lost(claim) : pending(claim, waits, facts);
    if (found === null) continue;
    findings.push(found);
    for (const owner of waits?.owners ?? []) causes.set(owner, found.key);
  }
  return { findings, causes };
};

const waitingFor = (groups: Census['groups']): ReadonlyMap<string, Waiting> => {
  const found = new Map<string, Waiting>();
  for (const { top, troubled } of groups.values()) {
    for (const { pod, trouble } of troubled) {
      if (trouble.kind !== 'unscheduled' || !trouble.reason.startsWith('volume claim')) continue;
      for (const name of pod.claims) {
        const key = `${pod.namespace}/${name}`;
        const had = found.get(key) ?? { pods: 0, owners: [] };
        found.set(key, { pods: had.pods + 1, owners: [...had.owners, topKey(top)] });
      }
    }
  }
  return found;
};

const base = (claim: PersistentVolumeClaim) => ({
  key: claimKey(claim),
  subsystem: 'pods' as const,
  title: `claim ${titleOf(claim)}`,
  ready: null,
  object: {
    resource: 'persistentvolumeclaims',
    namespace: claim.namespace,
    name: claim.name,
  },
  under: null,
});

const lost = (claim: PersistentVolumeClaim): Finding => ({
  ...base(claim),
  tone: 'bad',
  reason: `its volume ${claim.volume} is gone`,
  detail: '',
  weight: weigh(1, 1, claim.namespace),
  since: earliest([]),
  proof: [proofOf('persistentvolumeclaims', `phase Lost, volume ${claim.volume}`, 0)],
});

/** A claim alone may wait for its first pod: that is how most storage classes work. */
const pending = (
  claim: PersistentVolumeClaim,
  waits: Waiting | undefined,
  { now, eventsOf }: Facts,
): Finding | null => {
  if (claim.phase !== 'Pending' || claim.deleting !== null) return null;
  if (now - claim.created < startAllowed) return null;
  const event = eventsOf('PersistentVolumeClaim', claim.namespace, claim.name).find(
    (e) => refusals.includes(e.reason) && now - e.lastSeen < recently,
  );
  if (event === undefined && waits === undefined) return null;
  const where = claim.storageClass === '' ? 'no storage class' : `class ${claim.storageClass}`;
  return {
    ...base(claim),
    tone: 'warn',
    reason: `no volume: ${event?.reason ?? 'still Pending'}, ${where}`,
    detail: event?.message ?? '',
    weight: weigh(Math.max(1, waits?.pods ?? 0), 1, claim.namespace),
    since: claim.created,
    proof: [
      proofOf('persistentvolumeclaims', `phase Pending, ${where}`, claim.created),
      ...(event === undefined ? [] : [proofOf('events', event.message, event.lastSeen)]),
      ...(waits === undefined ? [] : [proofOf('pods', `${waits.pods} pods wait for it`, 0)]),
    ],
  };
};
