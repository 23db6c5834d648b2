import type { EtcdAnswer } from '../actions/etcd-answer.ts';
import { asRecord, asText } from '../actions/read-json.ts';
import type { SavedFile } from '../adapters/effects/saved-file.ts';
import { plainText } from '../kernel/text.ts';
import { bytesText } from '../probes/etcd-words.ts';

const digits = /^\d{1,20}$/;

/** Of the text that a member's `/metrics` is: up to which revision its history is gone; null where it does not say. */
export const compactedIn = (metrics: string): bigint | null => {
  const found = /^etcd_debugging_mvcc_compact_revision (\S+)$/m.exec(metrics)?.[1];
  const revision = Number(found ?? 'none');
  if (!Number.isSafeInteger(revision)) return null;
  // A member that was never compacted says -1.
  return BigInt(Math.max(0, revision));
};

/** What was compacted, by what was asked for; '' where that was not written down. */
export const compactedText = (body: unknown, compacted: bigint | null): string => {
  const revision = asText(asRecord(body).revision);
  if (!digits.test(revision) || compacted === null) return '';
  return compacted >= BigInt(revision)
    ? `history before revision ${compacted} is gone, as it was asked for, up to ${revision}`
    : `history is compacted to revision ${compacted} only, not to ${revision} as it was asked for`;
};

/** Whether alarms that were to be taken back are raised; '' where that was not written down. */
export const disarmedText = (
  bodies: readonly unknown[],
  { alarms }: Pick<EtcdAnswer, 'alarms'>,
): string =>
  bodies
    .flatMap((body) => {
      const { memberID, alarm } = asRecord(body);
      const [member, kind] = [asText(memberID), asText(alarm)];
      if (!digits.test(member) || kind === '') return [];
      const isRaised = alarms.some((a) => a.memberId === member && a.alarm === kind);
      return [
        `${plainText(kind)} of member ${member} is ${isRaised ? 'raised, not as' : 'not raised, as'} it was asked for`,
      ];
    })
    .join('; ');

/** Who leads, by who was to; '' where that was not written down. */
export const leaderText = (body: unknown, { leader }: Pick<EtcdAnswer, 'leader'>): string => {
  const target = asText(asRecord(body).targetID);
  if (!digits.test(target)) return '';
  if (leader === '') return `no member leads now; ${target} was to lead`;
  return leader === target
    ? `member ${leader} leads now, as it was asked for`
    : `member ${leader} leads now, not ${target} as it was asked for`;
};

/** Files of members that were to be rewritten. etcd keeps no note of that: only what they are now can be told. */
export const defragmentedText = (
  members: readonly { readonly place: string; readonly answer: EtcdAnswer | null }[],
): string => {
  const sizes = members.map(({ place, answer }) =>
    answer === null
      ? `${place} does not answer`
      : `${place} has ${bytesText(answer.dbSize)} on disk, ${bytesText(answer.dbInUse)} of it in use`,
  );
  return plainText(
    `${sizes.join('; ')}; whether it was defragmented cannot be known: etcd keeps no note of it`,
  );
};

/** What became of a snapshot on this machine. */
export const savedText = (path: string, file: SavedFile): string => {
  switch (file.kind) {
    case 'whole':
      return plainText(`${path} is there and whole, ${bytesText(file.bytes)}`);
    case 'partial':
      return plainText(
        `${path}.partial is there, unfinished: remove it; nothing was changed in etcd`,
      );
    default:
      return plainText(
        `there is no ${path}: no snapshot was saved, and nothing was changed in etcd`,
      );
  }
};
