import { keepSame } from '../kernel/same-data.ts';
import type { EpochMs } from '../kernel/units.ts';
import type { Slice } from '../kernel/world.ts';
import type { EtcdState } from '../probes/etcd.ts';
import { foldedKeys, weighCauses, withCauses } from './cause.ts';
import { type ControlPlane, controlPlaneProblems } from './control-plane-problem.ts';
import type { Diagnosis } from './diagnosis.ts';
import { etcdFinding } from './etcd-finding.ts';
import type { EtcdReport } from './etcd-report.ts';
import { judgeEtcd } from './etcd-reports.ts';
import type { Finding, Progress } from './finding.ts';
import { rank } from './rank.ts';
import type { Trust } from './trust.ts';

/** What changes every few seconds while the objects mostly stay as they are. */
export interface Beats extends ControlPlane {
  readonly etcd: Slice<EtcdState>;
}

/** Objects, control plane and etcd together: causes found, all of it ranked. */
export interface Judgement {
  readonly findings: readonly Finding[];
  /** Of the diagnosis, without what is told as a part of something broken. */
  readonly progress: readonly Progress[];
  readonly etcd: readonly EtcdReport[];
}

interface Remembered {
  readonly own: string;
  readonly findings: readonly Finding[];
  readonly progress: readonly Progress[];
}
/**
 * Those that were found last, of whichever objects: one that says the same again is the same object, so that who has
 * laid thousands of alerts beside them need not do it again.
 */
let found: readonly Finding[] = [];

/** By the diagnosis: most beats say of etcd what the one before said. */
const ranked = new WeakMap<Diagnosis, Remembered>();

/**
 * Judged apart from the diagnosis, which costs as much as there are pods. Where the etcd members and the control plane
 * say the same as before, the findings are the same ones as before: what hangs on them need not be made anew.
 */
export const judge = (
  diagnosis: Diagnosis,
  beats: Beats,
  readyz: Trust,
  now: EpochMs,
): Judgement => {
  const { facts } = diagnosis;
  const judged = judgeEtcd({
    etcd: beats.etcd,
    facts,
    readyz: { state: beats.controlPlane.readyz, trust: readyz },
    now,
  });
  const reports = judged.map((j) => j.report);
  const etcd = judged.flatMap((j) => etcdFinding(j, judged.length) ?? []);
  const plane = controlPlaneProblems(beats, facts);
  // Who is where decides what hangs under them, beside what the findings say.
  const members = judged.flatMap((j) => [
    ...j.seen.sights.map((s) => [s.key, s.hearing.kind, s.pod?.uid ?? '', s.state.info.clientUrls]),
    ...j.services,
  ]);
  const own = JSON.stringify([etcd, plane, members]);
  const had = ranked.get(diagnosis);
  if (had?.own === own) return { ...had, etcd: reports };
  const findings = keepSame(
    found,
    rank([
      ...weighCauses(
        withCauses({
          findings: [...plane, ...diagnosis.findings],
          etcd,
          judged,
          mentions: diagnosis.mentions,
          dead: diagnosis.dead,
          facts,
        }),
      ),
      ...diagnosis.events,
    ]),
    (f) => f.key,
  );
  found = findings;
  const folded = foldedKeys(judged, etcd, facts);
  const progress = diagnosis.progress.filter((p) => !folded.has(p.key));
  ranked.set(diagnosis, { own, findings, progress });
  return { findings, progress, etcd: reports };
};
