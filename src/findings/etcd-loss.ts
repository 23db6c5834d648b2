import { minutes } from '../kernel/units.ts';
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

/** Its log fell back under what it was seen to have. */
const fellBack = ({ state: { lost }, name }: EtcdSight): Found | null => {
  if (lost === null) return null;
  const { had, left } = lost;
  const index = `raft index ${countText(had.index)} → ${countText(left.index)}`;
  const db = `db ${bytesText(had.dbSize)} → ${bytesText(left.dbSize)}`;
  return {
    how: `${index}, ${db}`,
    brief:
      left.dbSize * 2 <= had.dbSize
        ? `db ${bytesText(left.dbSize)}, was ${bytesText(had.dbSize)}`
        : `raft index ${countText(left.index)}, was ${countText(had.index)}`,
    since: left.at,
    proof: [
      proofOf('etcd', `${name} had raft index ${countText(had.index)}`, had.at),
      proofOf('etcd', `${name} answered with raft index ${countText(left.index)}`, left.at),
    ],
  };
};

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
  const found = fellBack(sight) ?? stranger(sight, c) ?? saysSo(sight) ?? tiny(sight, c);
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
