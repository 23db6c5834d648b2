import { etcdLoss } from './etcd-loss.ts';
import type { EtcdReason } from './etcd-report.ts';
import type { JudgedEtcd } from './etcd-reports.ts';
import { isOfCluster } from './etcd-rules.ts';
import { namesText } from './etcd-words.ts';
import { earliest, proofOf } from './facts.ts';
import type { Finding, Proof } from './finding.ts';

/**
 * As if so many pods were hurt. Everything leans on the API server's own etcd; what leans on another one is seen by
 * what hangs under it, and until then it counts as something that others are likely to lean on.
 */
const weights = { own: 10_000, other: 50 } as const;
/** What still works weighs so much less. */
const onlyWorn = 0.01;

/** A finding is read by somebody in a hurry; the rest stands in the view of the cluster. */
const proofKept = 30;

/** `etcd payments`; `etcd` where there is no other one to be meant. */
const titleOf = ({ report }: JudgedEtcd, all: number): string =>
  all === 1 && (report.own || report.name === 'etcd') ? 'etcd' : `etcd ${report.name}`;

/** `etcd-1, etcd-2 lost their data: db 20 KiB, was 1.2 GiB, after worker-7 rebooted` */
const lossText = ({ seen }: JudgedEtcd): string => {
  const losses = seen.sights.flatMap((s) => etcdLoss(s, seen) ?? []);
  if (losses.length === 0) return '';
  // The one with numbers tells most.
  const telling = losses.find((l) => l.sight.state.lost !== null) ?? losses[0];
  const reboots = new Set(
    losses.flatMap((l) => l.proof.filter((p) => p.text.endsWith(' rebooted')).map((p) => p.text)),
  );
  const after = reboots.size === 0 ? '' : `, after ${[...reboots].join(', ')}`;
  const names = namesText(losses.map((l) => l.sight.name));
  return `${names} lost ${losses.length === 1 ? 'its' : 'their'} data: ${telling?.brief}${after}`;
};

/** What is most worth to know beside the verdict. */
const detailOf = (judged: JudgedEtcd, reasons: readonly EtcdReason[]): string => {
  const loss = lossText(judged);
  if (loss !== '') return loss;
  const { verdict } = judged.report;
  const said = ({ key, text }: EtcdReason): boolean =>
    verdict.includes(text) ||
    key === 'quorum' ||
    (key.startsWith('alarm/') && verdict.includes(key.slice('alarm/'.length)));
  return reasons.find((r) => !said(r))?.text ?? '';
};

/** What proves one thing may prove another: it is told once. */
const proofsOf = (reasons: readonly EtcdReason[], disagreements: readonly string[]) => {
  const all = [
    ...reasons.flatMap((r): readonly Proof[] => [proofOf('etcd', r.text, r.since), ...r.proof]),
    ...disagreements.map((text) => proofOf('etcd', text, 0)),
  ];
  const told = new Set<string>();
  return all
    .filter(({ text }) => !told.has(text) && told.add(text) !== undefined)
    .slice(0, proofKept);
};

/** What is wrong with a cluster as one line of the home screen; null when nothing is known to be. `all`: clusters. */
export const etcdFinding = (judged: JudgedEtcd, all: number): Finding | null => {
  const { report } = judged;
  const reasons = report.reasons.filter(isOfCluster);
  if (reasons.length === 0) return null;
  const tone = reasons.some((r) => r.tone === 'bad') ? 'bad' : 'warn';
  const stopped = reasons.find((r) => r.key === 'quorum' || r.key === 'leader');
  const weight = report.own ? weights.own : weights.other;
  return {
    key: report.finding,
    subsystem: 'etcd',
    tone,
    title: titleOf(judged, all),
    reason: report.verdict,
    detail: detailOf(judged, reasons),
    ready: report.voters === 0 ? null : { have: report.working, want: report.voters },
    weight: tone === 'bad' ? weight : weight * onlyWorn,
    since: stopped?.since || earliest(reasons.map((r) => r.since)),
    object: null,
    opens: { view: 'etcd', args: { cluster: report.name } },
    proof: proofsOf(reasons, report.disagreements),
    under: null,
  };
};
