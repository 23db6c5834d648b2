import { type NodePodNow, readNodePods } from '../actions/debug-sweep.ts';
import type { Asked, Pipeline } from '../actions/pipeline.ts';
import type { Clock } from '../kernel/clock.ts';
import { failureText, type Result } from '../kernel/failure.ts';
import { type Milliseconds, minutes, since } from '../kernel/units.ts';

export interface SweepDeps {
  readonly get: (path: string, signal: AbortSignal) => Promise<Result<string>>;
  readonly pipeline: Pipeline;
  readonly clock: Pick<Clock, 'now'>;
  /** Who is at the keyboard, as debug pods name them. */
  readonly person: string;
  readonly mode: () => 'read-only' | 'guarded';
  /** Whether a process, as pods name it, still lives. */
  readonly life: (process: string) => 'alive' | 'dead' | 'elsewhere';
  readonly tell: (tone: 'info' | 'warn', text: string) => void;
}

/** No session takes longer, wherever it was. */
const longestSession: Milliseconds = minutes(60);

/** What a person's sessions have left on nodes: nobody is joined to it any more. */
export const leftBehind = (
  pods: readonly NodePodNow[],
  { person, life, clock }: Pick<SweepDeps, 'person' | 'life' | 'clock'>,
): readonly NodePodNow[] =>
  pods.filter(
    (pod) =>
      pod.by === person &&
      (pod.ended ||
        (pod.process !== '' && life(pod.process) === 'dead') ||
        (pod.created !== null && since(pod.created, clock.now()) > longestSession)),
  );

const why = 'left on a node by a session of the same person that has ended';

/** They are of the same person, so that the program gives the answers itself; another person's it cannot give. */
const agreed = async (
  { pipeline }: SweepDeps,
  asked: Asked,
  signal: AbortSignal,
): Promise<string | null> => {
  const { plan, verdict } = asked;
  if (verdict.outcome === 'deny') {
    return verdict.reasons
      .flatMap(({ judgement }) => (judgement.kind === 'deny' ? [judgement.why] : []))
      .join('; ');
  }
  if (verdict.challenges.some((c) => c.kind === 'second-person')) {
    await pipeline.decline(asked, 'another person has to agree');
    return 'another person has to agree';
  }
  const answer = { digest: plan.digest, name: plan.typed, reason: why };
  const audience = { terminal: null, progress: () => {}, logs: () => {} };
  const result = await pipeline.carryOut(asked, answer, audience, signal);
  if (result.kind === 'done') return null;
  return result.kind === 'failed' ? failureText(result.failure) : result.why;
};

const sweepOne = async (
  deps: SweepDeps,
  { namespace, name, uid }: NodePodNow,
  signal: AbortSignal,
): Promise<string | null> => {
  const subject = { kind: 'object', resource: 'pods', namespace, name, uid } as const;
  const intent = { action: 'debug-sweep', subject, args: {}, origin: 'screen' } as const;
  const asked = await deps.pipeline.ask(intent, signal);
  return asked.ok ? agreed(deps, asked.value, signal) : failureText(asked.failure);
};

/**
 * Deletes what sessions of the same person have left on nodes, at the next start, through the same door as all else; a
 * session that may change nothing only tells. Whoever may not list pods is told nothing.
 */
export const sweepDebugPods = async (deps: SweepDeps, signal: AbortSignal): Promise<void> => {
  const everywhere = await readNodePods({ kubernetes: deps.get }, '', signal);
  const read = everywhere.ok
    ? everywhere
    : await readNodePods({ kubernetes: deps.get }, 'default', signal);
  if (!read.ok || signal.aborted) return;
  const left = leftBehind(read.value, deps);
  if (left.length === 0) return;
  const names = (pods: readonly NodePodNow[]) =>
    pods.map((p) => `${p.namespace}/${p.name} on ${p.node}`).join(', ');
  if (deps.mode() === 'read-only') {
    deps.tell('warn', `left by an earlier session, and still there: debug pod ${names(left)}`);
    return;
  }
  const deleted: NodePodNow[] = [];
  for (const pod of left) {
    const failed = await sweepOne(deps, pod, signal);
    if (failed === null) deleted.push(pod);
    else deps.tell('warn', `debug pod ${names([pod])} is left, and not deleted: ${failed}`);
  }
  if (deleted.length > 0) {
    deps.tell('info', `deleted what an earlier session had left: debug pod ${names(deleted)}`);
  }
};
