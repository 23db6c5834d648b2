import type { EpochMs } from '../kernel/units.ts';
import type { World } from '../kernel/world.ts';
import { bytesText, countText } from '../probes/etcd-words.ts';
import { oneLine } from '../probes/one-line.ts';
import type { EtcdReport } from './etcd-report.ts';
import { health } from './health.ts';

/** What can be told of etcd without asking: its members are asked all the time. */
export type EtcdQuestion = 'status' | 'members' | 'alarms' | 'health';

export interface EtcdAnswer {
  readonly lines: readonly string[];
  readonly data: unknown;
  /** False when nothing is known now; of `health`, also when a cluster is not well. */
  readonly well: boolean;
}

const memberRow = ({ key, words, role, state, alarms }: EtcdReport['members'][number]) => {
  const { status, info } = state;
  return {
    member: info.name === '' ? key : info.name,
    id: status?.memberId ?? info.id,
    role,
    words,
    version: status?.version ?? '',
    dbSize: status?.dbSize ?? null,
    dbInUse: status?.dbInUse ?? null,
    term: status?.term ?? null,
    index: status?.index ?? null,
    revision: status?.revision ?? null,
    learner: status?.learner ?? info.learner,
    alarms: [...alarms],
    endpoints: [...info.clientUrls],
  };
};

type Row = ReturnType<typeof memberRow>;

const number = (n: number | null): string => (n === null ? '?' : countText(n));
const size = (n: number | null): string => (n === null ? '?' : bytesText(n));

const memberLine = (question: EtcdQuestion, r: Row): string => {
  const name = oneLine(r.member, 'member');
  const alarms =
    r.alarms.length === 0 ? '' : `, alarm ${r.alarms.map((a) => oneLine(a)).join(', ')}`;
  switch (question) {
    case 'members':
      return `  ${name}  ${oneLine(r.id, '?')}  ${r.learner ? 'learner' : 'voter'}  ${r.endpoints.map((e) => oneLine(e)).join(', ')}`;
    case 'alarms':
      return `  ${name}: ${alarms === '' ? 'no alarm' : alarms.slice(2)}`;
    case 'health':
      return `  ${name}: ${r.words}`;
    case 'status':
      return `  ${name}: ${r.words}; ${r.role}, ${oneLine(r.version, 'version ?')}, db ${size(r.dbSize)} with ${size(r.dbInUse)} in use, term ${number(r.term)}, index ${number(r.index)}${alarms}`;
  }
};

/** The answer to a question about etcd as the panel has it: nothing is sent. One member by its name, or all where it is ''. */
export const etcdAnswer = (
  question: EtcdQuestion,
  member: string,
  world: World,
  now: EpochMs,
): EtcdAnswer => {
  const clusters = health(world, now).etcd.map((report) => ({
    name: report.name,
    verdict: report.verdict,
    tone: report.tone,
    voters: report.voters,
    working: report.working,
    quorum: report.quorum,
    margin: report.margin,
    leader: report.leader,
    members: report.members.map(memberRow).filter((r) => member === '' || isCalled(r, member)),
  }));
  const shown = clusters.filter(({ members }) => member === '' || members.length > 0);
  if (shown.length === 0) {
    const what =
      member === '' ? 'no members of etcd are asked' : `no member ${oneLine(member)} is known`;
    return { lines: [what], data: null, well: false };
  }
  return {
    lines: shown.flatMap((c) => [
      `${oneLine(c.name)}: ${c.verdict}`,
      ...c.members.map((r) => memberLine(question, r)),
    ]),
    data: { clusters: shown },
    well: shown.every(({ tone }) =>
      question === 'health'
        ? tone === 'good' || tone === 'warn'
        : tone !== 'stale' && tone !== 'unknown',
    ),
  };
};

/** By its name, its pod's name, its id, or the host of an endpoint. */
const isCalled = ({ member, id, endpoints }: Row, name: string): boolean =>
  member === name ||
  id === name ||
  name === `etcd-${member}` ||
  endpoints.some((e) => e === name || hostOf(e) === hostOf(name));

const hostOf = (address: string): string => address.replace(/^[a-z]+:\/\//, '');
