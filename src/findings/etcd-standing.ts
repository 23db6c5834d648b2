import type { World } from '../kernel/world.ts';
import { sliceOf } from '../kernel/world.ts';
import type { ControlPlaneState } from '../probes/control-plane.ts';
import { etcd } from '../probes/etcd.ts';
import { oneLine } from '../probes/one-line.ts';
import { isEtcdCheck } from './control-plane-problem.ts';
import type { EtcdReport } from './etcd-report.ts';
import { shareText } from './etcd-words.ts';
import type { Standing } from './finding.ts';
import { type Saying, standing, type Told, worstTone } from './standings.ts';
import type { Trust } from './trust.ts';
import { some } from './words.ts';

/** Why no member is asked, where that is known: `; members not asked: pods is forbidden`. */
const notAsked = (world: World): string => {
  for (const f of sliceOf(world, etcd).scopes.values()) {
    if (f.kind === 'failing') return `; members not asked: ${oneLine(f.failure.message)}`;
  }
  return '; members not asked';
};

/** What the API server finds when it asks: all that is known where no member is. */
const readyzSaying = (
  { findings }: Told,
  { readyz }: ControlPlaneState,
  unasked: string,
): Saying => {
  const checks = [...(readyz?.checks ?? [])].filter(([name]) => isEtcdCheck(name));
  if (checks.length === 0) {
    return { tone: 'unknown', text: '', evidence: `readyz says nothing of etcd${unasked}` };
  }
  const failing = checks.filter(([, c]) => !c.ok).length;
  const text =
    failing === 0 ? 'its etcd checks pass' : some(failing, 'etcd check fails', 'etcd checks fail');
  return {
    tone: failing > 0 ? 'bad' : worstTone(findings, 'etcd'),
    text: '',
    evidence: `readyz of the API server: ${text}${unasked}`,
  };
};

/** `leader etcd-0, term 7, 14 % of quota, margin 1` */
const wellText = (r: EtcdReport): string => {
  const used = Math.max(-1, ...r.members.map((m) => m.used ?? -1));
  return [
    r.leader === '' ? 'no leader known' : `leader ${r.leader}`,
    ...(r.term === null ? [] : [`term ${r.term}`]),
    ...(used < 0 ? [] : [`${shareText(used)} of quota`]),
    `margin ${r.margin}`,
  ].join(', ');
};

const reportText = (r: EtcdReport, all: number): string => {
  const name = all > 1 ? `${r.name}: ` : '';
  const what = r.tone === 'good' ? wellText(r) : r.verdict;
  return `${name}${what}${all > 1 ? `; worst of ${some(all, 'cluster')}` : ''}`;
};

const order: readonly Standing['tone'][] = ['bad', 'warn', 'stale', 'unknown', 'good'];

/**
 * How etcd stands: the worst of the clusters whose members are asked. Where the API server's own is not among them,
 * or nobody is asked, what readyz says of it counts beside them.
 */
export const etcdStanding = (
  world: World,
  reports: readonly EtcdReport[],
  told: Told,
  plane: ControlPlaneState,
  trust: Trust,
): Standing => {
  // A cluster of which no member is known says nothing that readyz does not say better.
  const asked = reports.filter((r) => r.members.length > 0);
  const [first] = asked;
  const problem = reports.find((r) => r.members.length === 0)?.verdict;
  const unasked = problem === undefined ? notAsked(world) : `; ${problem}`;
  const others = told.findings.filter((f) => f.subsystem !== 'etcd' || f.opens === undefined);
  const plain = standing(
    'etcd',
    trust,
    readyzSaying({ ...told, findings: others }, plane, first === undefined ? unasked : ''),
  );
  if (first === undefined) return plain;
  const own: Standing = {
    subsystem: 'etcd',
    tone: first.tone,
    text: first.voters === 0 ? '' : `${first.working}/${first.voters}`,
    evidence: reportText(first, asked.length),
    heard: first.heard,
  };
  if (reports.some((r) => r.own)) return own;
  const checked = plane.readyz !== null && [...plane.readyz.checks.keys()].some(isEtcdCheck);
  if (!checked) return own;
  const worse = plain.tone === 'bad' && order.indexOf(plain.tone) < order.indexOf(own.tone);
  return {
    ...own,
    tone: worse ? plain.tone : own.tone,
    // That its own etcd is another one, and well, is worth saying beside one that is not.
    evidence:
      plain.tone === 'good' && own.tone === 'good'
        ? own.evidence
        : `${own.evidence}; ${plain.evidence}`,
  };
};
