import { z } from 'zod';
import type { EtcdStatus } from '../../kernel/etcd-fact.ts';
import { clip, plainText } from '../../kernel/text.ts';

/** 64-bit numbers come as text, and zeros not at all. */
const digits = z.union([
  z.string().regex(/^\d{1,20}$/),
  z.number().int().nonnegative().transform(String),
]);
const count = digits.transform(Number).default(0);
const id = digits.default('');
/** The longest text of the server that is kept. */
const longest = 500;
const words = z
  .string()
  .transform((text): string =>
    clip(plainText(text).trim() as ReturnType<typeof plainText>, longest),
  );
const urls = z
  .array(words)
  .default([])
  .transform((all) => all.slice(0, 16));

const header = z.object({ cluster_id: digits, member_id: digits, revision: count });

const statusSchema = z.object({
  header,
  version: words,
  dbSize: count,
  dbSizeInUse: count,
  dbSizeQuota: count,
  leader: id,
  raftIndex: count,
  raftTerm: count,
  raftAppliedIndex: count,
  isLearner: z.boolean().default(false),
  errors: z.array(words).default([]),
});

/** Alarms of the whole cluster as a member's status lists them: `memberID:5410779396601650673 alarm:NOSPACE`. */
export const alarmsIn = (errors: readonly string[]): EtcdStatus['alarms'] =>
  errors.flatMap((text) => {
    const alarm = /\balarm:\s*([A-Z_]+)/.exec(text)?.[1];
    if (alarm === undefined) return [];
    return [{ memberId: /\bmemberID:\s*(\d{1,20})/.exec(text)?.[1] ?? '', alarm }];
  });

const mostErrors = 50;

/** The answer to a status question, without what only the asker knows; null when it is not one. */
export const decodeStatus = (answer: unknown): Omit<EtcdStatus, 'clockSkew'> | null => {
  const parsed = statusSchema.safeParse(answer);
  if (!parsed.success) return null;
  const { header: from, ...s } = parsed.data;
  const errors = s.errors.slice(0, mostErrors);
  return {
    clusterId: from.cluster_id,
    memberId: from.member_id,
    leader: s.leader === '0' ? '' : s.leader,
    version: s.version,
    term: s.raftTerm,
    index: s.raftIndex,
    applied: s.raftAppliedIndex,
    revision: from.revision,
    dbSize: s.dbSize,
    dbInUse: s.dbSizeInUse,
    quota: s.dbSizeQuota === 0 ? null : s.dbSizeQuota,
    learner: s.isLearner,
    errors,
    alarms: alarmsIn(errors),
  };
};

/** A member as the member list of its cluster has it. */
export interface ListedMember {
  readonly id: string;
  /** '' before it was first started. */
  readonly name: string;
  readonly peerUrls: readonly string[];
  /** Empty before it was first started. */
  readonly clientUrls: readonly string[];
  readonly learner: boolean;
}

const membersSchema = z.object({
  header: z.object({ cluster_id: digits }),
  members: z
    .array(
      z.object({
        ID: digits,
        name: words.default(''),
        peerURLs: urls,
        clientURLs: urls,
        isLearner: z.boolean().default(false),
      }),
    )
    .default([]),
});

/** More members than any cluster has: etcd itself advises seven. */
const mostMembers = 100;

/** The answer to a member list question; null when it is not one. */
export const decodeMembers = (answer: unknown): readonly ListedMember[] | null => {
  const parsed = membersSchema.safeParse(answer);
  if (!parsed.success || parsed.data.members.length === 0) return null;
  return parsed.data.members.slice(0, mostMembers).map((m) => ({
    id: m.ID,
    name: m.name,
    peerUrls: m.peerURLs,
    clientUrls: m.clientURLs,
    learner: m.isLearner,
  }));
};

const refusalSchema = z.object({ message: words });

/** What the server says in a refusal; '' when it says nothing that can be read. */
export const refusalIn = (body: string): string => {
  try {
    const parsed = refusalSchema.safeParse(JSON.parse(body));
    return parsed.success ? parsed.data.message : '';
  } catch {
    return '';
  }
};
