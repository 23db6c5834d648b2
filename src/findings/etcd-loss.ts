import { minutes } from '../kernel/units.ts';
import { fellIn } from '../probes/etcd-extent.ts';
import { fellText } from '../probes/etcd-member.ts';
import { bytesText, countText } from '../probes/etcd-words.ts';
import { oneLine } from '../probes/one-line.ts';
import type { EtcdCase } from './etcd-case.ts';
import { etcdLimits } from './etcd-limits.ts';
import { etcdLastWords } from './etcd-pod-words.ts';
import { type EtcdSight, leaderSeen, statusOf } from './etcd-sight.ts';
import { proofOf } from './facts.ts';
import type { Proof } from './finding.ts';

/** A member that has not what it had, and how that is known. */
export interface EtcdLoss {
  readonly sight: EtcdSight;
  /** After `lost its data: `. */
  readonly how: string;
  /** The same in few words, with numbers where there are some: `db 20 KiB, was 1.2 GiB`. */
  readonly brief: string;
  readonly since: number;
  readonly proof: readonly Proof[];
}

type Found = Omit<EtcdLoss, 'sight'>;

/** Its log, or what is stored, fell back under what it was seen to have. */
const fellBack = ({ state: { lost }, name }: EtcdSight): Found | null => {
  if (lost === null) return null;
  const { had, left } = lost;
  const [was, is] = reached(lost);
  const shrank = left.dbSize * 2 <= had.dbSize;
  return {
    how: `${fellText(lost)}, db ${bytesText(had.dbSize)} → ${bytesText(left.dbSize)}`,
    brief: shrank
      ? `db ${bytesText(left.dbSize)}, was ${bytesText(had.dbSize)}`
      : `${is}, was ${was.replace(/^\D+/, '')}`,
    since: left.at,
    proof: [
      proofOf('etcd', `${name} had ${was}`, had.at),
      proofOf('etcd', `${name} answered with ${is}`, left.at),
    ],
  };
};

/** What it had and what was left of it, in the number that tells. */
const reached = ({ had, left }: NonNullable<EtcdSight['state']['lost']>): [string, string] =>
  fellIn(had, left) === 'revision'
    ? [`revision ${countText(had.revision ?? 0)}`, `revision ${countText(left.revision ?? 0)}`]
    : [`raft index ${countText(had.index)}`, `raft index ${countText(left.index)}`];

/** etcd itself writes ids in hexadecimal; they come as decimal text. */
export const hexId = (id: string): string =>
  /^\d{1,20}$/.test(id) ? BigInt(id).toString(16) : id.slice(0, 20);

const stranger = (sight: EtcdSight, { quorum }: EtcdCase): Found | null => {
  const status = statusOf(sight);
  if (status === null || status.clusterId === quorum.clusterId) return null;
  const ids = `cluster id ${hexId(status.clusterId)}, the others ${hexId(quorum.clusterId)}`;
  return {
    how: `it answers with ${ids}`,
    brief: `it answers with ${ids}`,
    since: 0,
    proof: [proofOf('etcd', `${sight.name}: ${ids}; raft index ${countText(status.index)}`, 0)],
  };
};

/** In one log, who has applied as much as another one stores as much. */
const emptier = (sight: EtcdSight, { sights }: EtcdCase): Found | null => {
  const own = statusOf(sight);
  if (own === null || own.applied === 0) return null;
  for (const other of sights) {
    const status = statusOf(other);
    if (status?.clusterId !== own.clusterId || status.applied === 0) continue;
    if (status.applied > own.applied) continue;
    const less = status.revision - own.revision;
    if (less <= Math.min(etcdLimits.revisionLag, status.revision / 2)) continue;
    const brief = `revision ${countText(own.revision)}, ${other.name} has ${countText(status.revision)}`;
    return {
      how: `${brief} and has applied no more of the log`,
      brief,
      since: 0,
      proof: [sight, other].map((s) => {
        const { revision = 0, applied = 0 } = statusOf(s) ?? {};
        const at = `revision ${countText(revision)} at raft index ${countText(applied)}`;
        return proofOf('etcd', `${s.name}: ${at}`, s.state.answeredAt ?? 0);
      }),
    };
  }
  return null;
};

/** Next to nothing in a cluster that has grown, and nobody who gives it the rest. */
const tiny = (sight: EtcdSight, { quorum, sights }: EtcdCase): Found | null => {
  const status = statusOf(sight);
  const { furthest } = quorum;
  if (status === null || furthest === null || furthest < etcdLimits.grown) return null;
  if (status.index > furthest * etcdLimits.beginning || leaderSeen(sight) !== null) return null;
  const largest = Math.max(...sights.map((s) => statusOf(s)?.dbSize ?? 0));
  if (status.dbSize * 2 > largest) return null;
  const how = `raft index ${countText(status.index)} of ${countText(furthest)}, db ${bytesText(status.dbSize)} of ${bytesText(largest)}`;
  return {
    how: `${how}, and nobody leads it`,
    brief: how,
    since: 0,
    proof: [proofOf('etcd', `${sight.name}: ${how}`, 0)],
  };
};

const saysSo = (sight: EtcdSight): Found | null => {
  const words = etcdLastWords(sight);
  if (words?.kind !== 'lost') return null;
  const { peak } = sight.state;
  const had = peak === null ? '' : `, db was ${bytesText(peak.dbSize)}`;
  return {
    how: `${words.means}${had}`,
    // Said of several, it is not about one.
    brief: `${words.means.replace(/^it was /, '')}${had}`,
    since: sight.trouble?.since ?? 0,
    proof: [
      proofOf('pods', `${sight.pod?.name}: ${words.quote}`, sight.trouble?.since ?? 0),
      ...(peak === null
        ? []
        : [proofOf('etcd', `${sight.name} had raft index ${countText(peak.index)}`, peak.at)]),
    ],
  };
};

const rebootMinded = minutes(30);

/** A reboot that the loss may come from: said beside it, since it is where to look. */
const reboot = ({ node }: EtcdSight, { facts, now }: EtcdCase): Proof | null => {
  if (node === null) return null;
  const event = facts.eventsOf('Node', '', node.name).find((e) => e.reason === 'Rebooted');
  return event === undefined || now - event.lastSeen > rebootMinded
    ? null
    : proofOf('events', `${node.name} rebooted`, event.lastSeen);
};

/** How a member lost its data; null when nothing says that it did. */
export const etcdLoss = (sight: EtcdSight, c: EtcdCase): EtcdLoss | null => {
  const found =
    fellBack(sight) ?? stranger(sight, c) ?? saysSo(sight) ?? tiny(sight, c) ?? emptier(sight, c);
  if (found === null) return null;
  const rebooted = reboot(sight, c);
  const words = etcdLastWords(sight);
  const where =
    sight.state.info.dataDir === ''
      ? []
      : [
          proofOf(
            'etcd',
            `data directory of ${sight.name}: ${oneLine(sight.state.info.dataDir)}`,
            0,
          ),
        ];
  return {
    ...found,
    sight,
    proof: [
      ...found.proof,
      ...(words === null || found.how.startsWith(words.means)
        ? []
        : [proofOf('pods', `${sight.pod?.name}: ${words.means}`, sight.trouble?.since ?? 0)]),
      ...where,
      ...(rebooted === null ? [] : [rebooted]),
    ],
  };
};
