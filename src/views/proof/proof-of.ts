import { health } from '../../findings/health.ts';
import { changeOf } from '../parts/change-proof.ts';
import type { Line } from '../parts/line.ts';
import { proofLines } from '../parts/proof-lines.ts';
import type { ViewInput } from '../view.ts';
import { alertProofLines } from './alert-lines.ts';
import { changeProofLines } from './change-lines.ts';
import { etcdProofLines } from './etcd-lines.ts';
import { sourcesOfProof } from './source-lines.ts';
import { standingLines } from './standing-lines.ts';

/** What a line rests on, by the arguments of the view `proof`; nothing when it is not so any more. */
export const proofOf = (
  args: Readonly<Record<string, string>>,
  input: ViewInput,
): readonly Line[] => {
  const { world, now, width, glyphs } = input;
  const { finding, alert, etcd, reason, evidence, change } = args;
  const known = health(world, now);
  if (alert !== undefined) {
    const item = known.alerts.items.find((i) => i.key === alert);
    return item === undefined ? [] : alertProofLines(item, known.alerts.sources, input);
  }
  if (etcd !== undefined) {
    const report = known.etcd.find((r) => r.name === etcd);
    return report === undefined ? [] : etcdProofLines(report, reason, input);
  }
  if (evidence !== undefined) {
    const standing = known.standings.find((s) => s.subsystem === evidence);
    return standing === undefined ? [] : standingLines(standing, input);
  }
  if (change !== undefined) {
    const found = changeOf(world, change);
    return found === undefined ? [] : changeProofLines(found, input);
  }
  const found = known.findings.find((f) => f.key === finding);
  if (found === undefined) return [];
  return [...proofLines(found, world, now, width, glyphs), ...sourcesOfProof(found.proof, input)];
};
