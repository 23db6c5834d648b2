import type { ActPlan, ActResult } from '../kernel/act.ts';
import type { EffectPorts } from '../kernel/effect-ports.ts';
import { type Milliseconds, minutes } from '../kernel/units.ts';
import type { ActionDefinition, Tools } from './action.ts';
import { doorFor } from './door.ts';

/**
 * Time for an action to come to an end after it was given up, or its own time was over: it may have to delete what it
 * has made. Longer than any single request may take.
 */
export const performGrace: Milliseconds = minutes(2);

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

/**
 * Carries out one plan behind a door of its own, which is closed for good when this resolves. Never rejects, and never
 * takes much longer than the plan's own time: what then still goes on is `unknown`.
 */
export const performPlan = async (
  action: ActionDefinition,
  plan: ActPlan,
  ports: EffectPorts,
  tools: Omit<Tools, 'ports'>,
  signal: AbortSignal,
): Promise<ActResult> => {
  const { clock } = tools;
  const shut = new AbortController();
  const over = new AbortController();
  const ended = new AbortController();
  void clock.sleep(plan.bounds.time, ended.signal).then(() => over.abort());
  const stop = AbortSignal.any([signal, over.signal]);
  const stuck = async (): Promise<ActResult> => {
    await aborted(stop);
    await clock.sleep(performGrace, ended.signal);
    return { kind: 'unknown', why: 'it was to stop, and did not', bytes: 0 };
  };
  try {
    return await Promise.race([
      action.perform(plan, { ...tools, ports: doorFor(plan, ports, shut.signal) }, stop),
      stuck(),
    ]);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return { kind: 'unknown', why: `it broke off: ${why}`, bytes: 0 };
  } finally {
    shut.abort();
    ended.abort();
  }
};
