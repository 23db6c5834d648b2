import type { EtcdSight } from './etcd-sight.ts';

/** What the last words of a member's process mean. `lost`: what it had is not there any more. */
export interface EtcdLastWords {
  readonly kind: 'lost' | 'damaged' | 'refused' | 'room' | 'setup';
  readonly means: string;
  /** The words themselves. */
  readonly quote: string;
}

const meanings: readonly (readonly [RegExp, EtcdLastWords['kind'], string])[] = [
  [/has already been bootstrapped/, 'lost', 'it was started on an empty data directory'],
  [
    /tocommit\(\d{1,20}\) is out of range|raft log corrupted, truncated, or lost/,
    'lost',
    'its log lacks entries that it had confirmed',
  ],
  [
    /permanently removed from the cluster|the member has been removed/,
    'refused',
    'it was removed from the cluster',
  ],
  [
    /cluster ID mismatch|different cluster ID/i,
    'refused',
    'its data directory belongs to another cluster',
  ],
  [
    /member count is unequal|unmatched member|couldn't find local name|initial cluster has no/,
    'setup',
    'its list of members does not fit the cluster',
  ],
  [
    /crc mismatch|snapshot file is corrupt|database corruption|failed to find database snapshot|invalid database|checksum error/i,
    'damaged',
    'its data are damaged',
  ],
  [/no space left on device/, 'room', 'its disk is full'],
  [/address already in use/, 'setup', 'another process has its port'],
  [
    /(?:cannot access|cannot write to) data directory|permission denied/,
    'setup',
    'it may not use its files',
  ],
];

/** A termination message is at most 4 kB; of what a recording claims to be one, no more is read. */
const read = 4096;

const quoted = (text: string, at: number): string => text.slice(at, at + 80).split('"')[0] ?? '';

/** The last words of a member whose pod is in trouble; null when it is well, or says nothing that is known here. */
export const etcdLastWords = ({ pod, trouble }: EtcdSight): EtcdLastWords | null => {
  if (pod === null || trouble === null) return null;
  for (const c of pod.containers) {
    if (c.kind === 'ephemeral') continue;
    for (const said of [c.message, c.last?.message ?? '']) {
      const text = said.slice(0, read);
      for (const [pattern, kind, means] of meanings) {
        const found = pattern.exec(text);
        if (found !== null) return { kind, means, quote: quoted(text, found.index) };
      }
    }
  }
  return null;
};
