import type { EtcdStatus } from '../kernel/etcd-fact.ts';
import { clip, plainText } from '../kernel/text.ts';
import { asList, asRecord, asText } from './read-json.ts';

/** What a member says of itself. */
export interface EtcdAnswer
  extends Pick<
    EtcdStatus,
    | 'clusterId'
    | 'memberId'
    | 'leader'
    | 'version'
    | 'term'
    | 'index'
    | 'applied'
    | 'dbSize'
    | 'dbInUse'
    | 'quota'
    | 'learner'
    | 'errors'
    | 'alarms'
  > {
  /** Decimal. */
  readonly revision: string;
}

/** 64 bits: decimal text, and zeros not at all. */
const digits = (value: unknown): string => {
  const text = typeof value === 'number' ? String(value) : asText(value);
  return /^\d{1,20}$/.test(text) ? text : '';
};
const count = (value: unknown): number => Number(digits(value) || 0);

const alarmsIn = (errors: readonly string[]): EtcdStatus['alarms'] =>
  errors.flatMap((text) => {
    const alarm = /\balarm:\s*([A-Z_]+)/.exec(text)?.[1];
    if (alarm === undefined) return [];
    return [{ memberId: /\bmemberID:\s*(\d{1,20})/.exec(text)?.[1] ?? '', alarm }];
  });

/** The answer of the gateway to a status question; null when it is none. */
export const etcdAnswerIn = (body: string): EtcdAnswer | null => {
  let data: unknown;
  try {
    data = JSON.parse(body);
  } catch {
    return null;
  }
  const said = asRecord(data);
  const header = asRecord(said.header);
  const clusterId = digits(header.cluster_id);
  const memberId = digits(header.member_id);
  if (clusterId === '' || memberId === '') return null;
  const leader = digits(said.leader);
  const errors = asList(said.errors)
    .slice(0, 50)
    .map((e) => clip(plainText(asText(e)), 300));
  const quota = count(said.dbSizeQuota);
  return {
    clusterId,
    memberId,
    leader: leader === '0' ? '' : leader,
    version: clip(plainText(asText(said.version)), 40),
    term: count(said.raftTerm),
    index: count(said.raftIndex),
    applied: count(said.raftAppliedIndex),
    revision: digits(header.revision) || '0',
    dbSize: count(said.dbSize),
    dbInUse: count(said.dbSizeInUse),
    quota: quota === 0 ? null : quota,
    learner: said.isLearner === true,
    errors,
    alarms: alarmsIn(errors),
  };
};
