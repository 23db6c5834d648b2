import type { Health } from '../../findings/finding.ts';
import type { Opening, Target } from '../view.ts';

const all: Opening = { view: 'runbooks', args: {} };

/**
 * The runbook of the alert under the cursor, of the first that is about a finding, or about an etcd cluster; the list of
 * all where there is no such alert.
 */
export const runbookUnder = (target: Target | null, { alerts, etcd }: Health): Opening => {
  if (target === null) return all;
  const of = (key: string): Opening => ({ view: 'runbook', args: { alert: key } });
  const { proof, open, related } = target;
  const named = proof?.alert ?? (open?.view === 'alert' ? open.args.key : undefined);
  if (named !== undefined) return of(named);
  const items = alerts.items.filter(({ kind }) => kind === 'alert');
  const finding = proof?.finding;
  const cluster =
    (open?.view.startsWith('etcd') === true ? open.args.cluster : undefined) ??
    (related?.view === 'etcd-member' ? related.args.cluster : undefined) ??
    proof?.etcd ??
    etcd.find((r) => r.finding === finding)?.name;
  const found =
    items.find((i) => finding !== undefined && i.finding === finding) ??
    items.find(
      (i) =>
        cluster !== undefined &&
        (i.member?.cluster === cluster ||
          etcd.some((r) => r.name === cluster && r.finding === i.finding)),
    );
  return found === undefined ? all : of(found.key);
};
