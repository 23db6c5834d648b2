import { boundedEvidence } from '../kernel/bounded-evidence.ts';
import type { Clock } from '../kernel/clock.ts';
import { failed, failure, ok, type Result } from '../kernel/failure.ts';
import type { Run } from '../kernel/run.ts';
import type { RunFact } from '../kernel/run-fact.ts';
import { sliceOf, type World } from '../kernel/world.ts';
import { runs } from '../probes/runs.ts';

export interface LogEvidenceDeps {
  readonly world: () => World;
  readonly clock: Clock;
  /** Who walks, as others will read it. */
  readonly by: string;
  readonly put: (facts: readonly RunFact[]) => Promise<Result<unknown>>;
}

/** Whether the alert of a run is about something that the lines are of. */
const isAbout = ({ alert }: Run, lines: readonly string[]): boolean => {
  if (alert === null) return false;
  const { namespace, pod, deployment, statefulset, daemonset } = alert.labels;
  const workload = deployment ?? statefulset ?? daemonset;
  // The name of a pod ends where that of its container begins, the name of a workload where its pods are told apart.
  const name = pod === undefined ? workload && `${workload}-` : `${pod}/`;
  if (namespace === undefined || name === undefined) return false;
  return lines.some((l) => l.includes(` ${namespace}/${name}`));
};

/** The run that lines belong to: the one whose alert is about their pods, else the only one that is open. */
const runFor = (world: World, lines: readonly string[]): Result<Run> => {
  const open = [...sliceOf(world, runs).state.values()].filter((r) => r.ended === null);
  const about = open.filter((r) => isAbout(r, lines));
  const found = about.at(-1) ?? (open.length === 1 ? open[0] : undefined);
  if (found !== undefined) return ok(found);
  const why =
    open.length === 0
      ? 'no run of a runbook is open'
      : `${open.length} runs are open, and none is about these pods`;
  return failed(failure('absent', 'attach lines', why));
};

/** Attaches lines of a log to the step where a run stands; resolves with the title of its runbook. */
export const attachLog =
  (deps: LogEvidenceDeps) =>
  async (asked: string, lines: readonly string[], truncated: boolean): Promise<Result<string>> => {
    const run = runFor(deps.world(), lines);
    if (!run.ok) return run;
    const { id, visits, runbook } = run.value;
    const visit = visits.at(-1)?.number;
    if (visit === undefined)
      return failed(failure('absent', 'attach lines', 'the run has no step'));
    const evidence = boundedEvidence({
      task: 'logs',
      asked,
      lines,
      data: null,
      values: [],
      exit: 'ok',
      took: 0,
      truncated,
    });
    const said = { run: id, at: deps.clock.now(), by: deps.by };
    const put = await deps.put([{ kind: 'output', ...said, visit, evidence }]);
    return put.ok ? ok(runbook.title) : put;
  };
