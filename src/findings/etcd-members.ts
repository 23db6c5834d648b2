import { oneLine } from '../probes/one-line.ts';
import { alarmsAt, etcdAlarms } from './etcd-alarms.ts';
import type { EtcdCase } from './etcd-case.ts';
import { etcdLoss } from './etcd-loss.ts';
import type { EtcdMemberReport, ReportTone } from './etcd-report.ts';
import { type EtcdSight, isVoter, leaderSeen, statusOf } from './etcd-sight.ts';
import { etcdSpace } from './etcd-space.ts';

interface Word {
  readonly tone: ReportTone;
  readonly words: string;
}

/** `alarms`: its own; `full`: some member has raised NOSPACE, for which all of them refuse writes. */
const wordOf = (s: EtcdSight, c: EtcdCase, alarms: readonly string[], full: boolean): Word => {
  const { hearing } = s;
  if (hearing.kind === 'unstarted') return { tone: 'warn', words: 'added, never started' };
  if (etcdLoss(s, c) !== null) return { tone: 'bad', words: lossWords(s) };
  if (alarms.length > 0)
    return { tone: 'bad', words: `alarm ${alarms.map((a) => oneLine(a)).join(', ')}` };
  switch (hearing.kind) {
    case 'silent':
      return { tone: hearing.heard === null ? 'unknown' : 'stale', words: oneLine(hearing.why) };
    case 'barred':
      return { tone: 'unknown', words: `cannot be asked: ${oneLine(hearing.failure.message)}` };
    case 'metrics':
      return s.state.metrics?.hasLeader === false
        ? { tone: 'warn', words: 'runs, no leader, takes no requests' }
        : { tone: 'unknown', words: 'runs, as its metrics say' };
    case 'down': {
      const message = oneLine(hearing.failure.message);
      if (s.trouble !== null) return { tone: 'bad', words: `down: ${s.trouble.reason}` };
      const what = hearing.failure.kind === 'timeout' ? 'does not answer' : 'unreachable';
      return { tone: 'bad', words: `${what}: ${message}` };
    }
    case 'answers':
      if (c.quorum.split.includes(s)) return { tone: 'bad', words: 'follows an old leader' };
      if (leaderSeen(s) === null) return { tone: 'warn', words: 'healthy, no leader' };
      return full ? { tone: 'warn', words: 'refuses writes' } : { tone: 'good', words: 'healthy' };
  }
};

const lossWords = ({ hearing, trouble }: EtcdSight): string => {
  if (hearing.kind === 'answers') return 'lost its data';
  return trouble === null ? 'lost its data, down' : `lost its data, ${trouble.reason}`;
};

const roleOf = (s: EtcdSight): EtcdMemberReport['role'] => {
  if (s.hearing.kind === 'unstarted') return 'unstarted';
  const status = statusOf(s);
  if (!isVoter(s.state)) return 'learner';
  if (status === null) return 'unknown';
  return status.leader !== '' && status.leader === status.memberId ? 'leader' : 'follower';
};

export const etcdMembers = (c: EtcdCase): readonly EtcdMemberReport[] => {
  const alarms = etcdAlarms(c);
  const full = alarms.some((a) => a.alarm === 'NOSPACE');
  const { furthest, clusterId } = c.quorum;
  return c.sights.map((s): EtcdMemberReport => {
    const own = alarmsAt(s, alarms);
    const word = wordOf(s, c, own, full);
    const status = statusOf(s);
    const space = etcdSpace(s);
    const comparable = status !== null && furthest !== null && status.clusterId === clusterId;
    return {
      key: s.key,
      // What was well long ago is not well; what was bad is told as what is known last.
      tone: c.stale ? 'stale' : word.tone,
      words: word.words,
      role: roleOf(s),
      indexLag: comparable ? furthest - status.index : null,
      appliedLag: status === null ? null : Math.max(0, status.index - status.applied),
      quota: space.quota,
      used: space.used,
      fragmentation: space.fragmentation,
      alarms: own,
      heard: s.heard,
      state: s.state,
    };
  });
};
