import { oneLine } from '../probes/one-line.ts';
import { etcdAlarms } from './etcd-alarms.ts';
import type { EtcdCase } from './etcd-case.ts';
import type { EtcdReason, ReportTone } from './etcd-report.ts';
import { isOfCluster } from './etcd-rules.ts';
import { namesText } from './etcd-words.ts';

/** How much more may be lost, in words. */
export const etcdMarginText = ({ quorum }: EtcdCase): string => {
  const { kind, margin, voters, working, unknown } = quorum;
  if (kind === 'lost' || kind === 'leaderless') return 'writes stopped';
  if (kind === 'untold') return 'not known how many more may be lost';
  const least = unknown > 0 ? 'at least ' : '';
  if (margin > 0) return `${least}${margin} more may be lost before writes stop`;
  if (voters === 1) return 'its loss stops writes';
  return working < voters ? 'one more loss stops writes' : 'any loss stops writes';
};

/** `quorum 2 of 3: one more loss stops writes` */
const quorumText = (c: EtcdCase): string => {
  const { working, voters, margin } = c.quorum;
  const count = `quorum ${working} of ${voters}`;
  return margin > 0 ? `${count}, margin ${margin}` : `${count}: ${etcdMarginText(c)}`;
};

const healthyText = (c: EtcdCase): string => {
  const { working, voters, margin } = c.quorum;
  const rest = margin > 0 ? '' : `: ${etcdMarginText(c)}`;
  return `healthy: ${working} of ${voters}, margin ${margin}${rest}`;
};

const namesOf = (c: EtcdCase, reasons: readonly EtcdReason[], kind: string): string =>
  namesText(
    c.sights.filter((s) => reasons.some((r) => r.key === `${kind}/${s.key}`)).map((s) => s.name),
  );

/** The worst that is wrong while writes may go on. */
const headline = (c: EtcdCase, reasons: readonly EtcdReason[]): string => {
  const alarm = etcdAlarms(c)[0];
  if (alarm !== undefined) {
    const on = alarm.members.length === 0 ? '' : ` on ${namesText(alarm.members)}`;
    if (alarm.alarm === 'NOSPACE') return `out of space, writes refused: NOSPACE${on}`;
    if (alarm.alarm === 'CORRUPT') return `data corrupt: CORRUPT${on}`;
    return `alarm ${oneLine(alarm.alarm)}${on}`;
  }
  const lost = reasons.filter((r) => r.key.startsWith('lost-data/')).length;
  if (lost > 0) {
    return `${namesOf(c, reasons, 'lost-data')} lost ${lost === 1 ? 'its' : 'their'} data`;
  }
  const first = reasons[0];
  // That members are missing is what the quorum says by itself, in fewer words.
  if (first === undefined || /^(pod|down|cut-off|unstarted|pair)\//.test(`${first.key}/`))
    return '';
  return first.text;
};

const untoldText = (c: EtcdCase): string => {
  const { working, voters, unknown } = c.quorum;
  if (voters === 0) {
    const why = c.cluster.problems[0];
    return `no member is known${why === undefined ? '' : `: ${oneLine(why.message)}`}`;
  }
  const barred = c.sights.flatMap((s) => (s.hearing.kind === 'barred' ? [s.hearing] : []));
  const first = barred[0];
  if (first !== undefined && working === 0) {
    return `members cannot be asked: ${oneLine(first.failure.message)}`;
  }
  if (working === 0 && unknown === voters) return `${voters} members, not asked yet`;
  return `cannot tell: ${working} of ${voters} members take part, ${unknown} not known`;
};

/** Why none of its members can be asked, be it for want of certificates or of a way; '' where one can. */
export const etcdBarred = ({ sights, cluster, stale }: EtcdCase): string => {
  if (stale) return '';
  const started = sights.filter((s) => s.hearing.kind !== 'unstarted');
  const failures = started.flatMap(({ hearing }) =>
    hearing.kind === 'barred' ? [hearing.failure] : [],
  );
  if (failures.length < started.length) return '';
  const [why] = started.length > 0 ? failures : cluster.problems;
  return why === undefined ? '' : oneLine(why.message);
};

/** The whole of a cluster in one sentence, the reason first. */
export const etcdVerdict = (
  c: EtcdCase,
  all: readonly EtcdReason[],
): { readonly tone: ReportTone; readonly verdict: string } => {
  const reasons = all.filter(isOfCluster);
  const now = verdictNow(c, reasons);
  return c.stale ? { tone: 'stale', verdict: `last known: ${now.verdict}` } : now;
};

const verdictNow = (
  c: EtcdCase,
  reasons: readonly EtcdReason[],
): { readonly tone: ReportTone; readonly verdict: string } => {
  const { kind, working, voters, unknown } = c.quorum;
  const bad = reasons.some((r) => r.tone === 'bad');
  switch (kind) {
    case 'lost':
      return {
        tone: 'bad',
        verdict: `quorum lost: ${unknown > 0 ? `at most ${working + unknown}` : working} of ${voters} members, writes stopped`,
      };
    case 'leaderless': {
      const answering = c.sights.filter((s) => s.voter && s.hearing.kind === 'answers').length;
      const verdict = `no leader: ${answering} of ${voters} members answer, writes stopped`;
      return { tone: 'bad', verdict };
    }
    case 'untold': {
      const text = headline(
        c,
        reasons.filter((r) => r.tone === 'bad'),
      );
      const verdict = text === '' ? untoldText(c) : `${text}; ${untoldText(c)}`;
      return { tone: bad ? 'bad' : 'unknown', verdict };
    }
    case 'stands': {
      const text = headline(c, reasons);
      if (text !== '') return { tone: bad ? 'bad' : 'warn', verdict: `${text}; ${quorumText(c)}` };
      if (reasons.length > 0) return { tone: bad ? 'bad' : 'warn', verdict: quorumText(c) };
      const unheard = c.sights.filter((s) => !['answers', 'unstarted'].includes(s.hearing.kind));
      if (unheard.length === 0) return { tone: 'good', verdict: healthyText(c) };
      const names = namesText(unheard.map((s) => s.name));
      return { tone: 'unknown', verdict: `${quorumText(c)}; ${names} not known` };
    }
  }
};
