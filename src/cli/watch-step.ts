import { type Brought, brought, broughtFailure, tookSince } from '../adapters/steps/brought.ts';
import { health } from '../findings/health.ts';
import type { Holding, WorldCondition } from '../findings/world-condition.ts';
import { holds } from '../findings/world-condition.ts';
import type { Clock } from '../kernel/clock.ts';
import { failed, failure, ok, type Result } from '../kernel/failure.ts';
import type { RunAlert } from '../kernel/run-fact.ts';
import { type Milliseconds, milliseconds, seconds } from '../kernel/units.ts';
import type { World } from '../kernel/world.ts';
import type { Condition, Plan } from '../runbooks/plan.ts';
import { branchRule } from '../runbooks/steps/branch-rule.ts';
import { filledText, knownSubject } from './step-subject.ts';

export interface WatchDeps {
  readonly clock: Clock;
  readonly world: () => World;
  /** The namespace that is looked at; '' is all. */
  readonly namespace: string;
  /** Of the run; null when no alert led to it. */
  readonly alert: RunAlert | null;
  readonly query: (promql: string, signal: AbortSignal) => Promise<Brought>;
}

/** The world is looked at this often; a Prometheus is asked more seldom. */
const lookEvery: Milliseconds = seconds(1);
const askEvery: Milliseconds = seconds(15);

/** A condition of a plan as one on the world; `misconfigured` when it cannot be watched. */
export const worldCondition = (
  until: Exclude<Condition, { kind: 'query' }>,
  { world, namespace, alert, clock }: Pick<WatchDeps, 'world' | 'namespace' | 'alert' | 'clock'>,
): Result<WorldCondition> => {
  const wrong = (message: string): Result<never> =>
    failed(failure('misconfigured', 'watch', message, { hint: 'look yourself, and tick it off' }));
  if (until.kind === 'resolved') {
    if (until.alert !== null) {
      return ok({ kind: 'resolved', fingerprint: '', name: filledText(until.alert) });
    }
    if (alert === null) return wrong('no alert has led to this run');
    return ok({ kind: 'resolved', fingerprint: alert.fingerprint, name: alert.name });
  }
  if (until.kind === 'quorum') {
    return ok({ kind: 'quorum', cluster: until.cluster === null ? '' : filledText(until.cluster) });
  }
  if (until.kind === 'healed') {
    if (until.finding !== null) return ok({ kind: 'healed', finding: filledText(until.finding) });
    if (alert === null) return wrong('no alert has led to this run');
    const { items } = health(world(), clock.now()).alerts;
    const finding = items.find(({ key }) => key === alert.fingerprint)?.finding ?? null;
    return finding === null
      ? wrong(`nothing that is found broken explains ${alert.name} now`)
      : ok({ kind: 'healed', finding });
  }
  const known = knownSubject(world(), until.subject, namespace);
  if (!known.ok) return known;
  const { ref, names, namespace: inside } = known.value;
  const [name, ...others] = names;
  if (name === undefined || others.length > 0)
    return wrong('only one object by its name is watched');
  if (ref.namespaced && inside === '') return wrong('the namespace is missing');
  const object = { resource: ref.resource, namespace: inside, name };
  return ok(
    until.kind === 'gone'
      ? { kind: 'gone', ...object }
      : { kind: 'object', ...object, condition: until.condition, status: until.status },
  );
};

type Look = (signal: AbortSignal) => Promise<Holding>;

const lookByQuery =
  ({ promql, is, value }: Extract<Condition, { kind: 'query' }>, { query }: WatchDeps): Look =>
  async (signal) => {
    const answer = await query(filledText(promql), signal);
    if (answer.exit === 'failed') return { kind: 'unknown', why: answer.lines[0] ?? 'no answer' };
    const result = { task: '', text: '', json: undefined, values: answer.values, well: true };
    const verdict = branchRule({ kind: 'value', is, value }, result);
    const seen = answer.values.slice(0, 3).join(', ');
    if (verdict === 'unsure') return { kind: 'unknown', why: 'the query brings no value' };
    return { kind: verdict === 'holds' ? 'holds' : 'not', why: `the query brings ${seen}` };
  };

/** Waits until a condition holds; resolves with evidence that it does, or of what was seen last when the time is up. */
export const watchStep = async (
  deps: WatchDeps,
  { until, within }: Extract<Plan, { kind: 'watch' }>,
  signal: AbortSignal,
): Promise<Brought> => {
  const { clock, world } = deps;
  const asked = `watch ${until.kind}`;
  const began = clock.now();
  let look: Look;
  if (until.kind === 'query') look = lookByQuery(until, deps);
  else {
    const condition = worldCondition(until, deps);
    if (!condition.ok) return broughtFailure(asked, 0, condition.failure);
    look = () => Promise.resolve(holds(condition.value, world(), clock.now()));
  }
  const every = until.kind === 'query' ? askEvery : lookEvery;
  for (;;) {
    const seen = await look(signal);
    const took = tookSince(began, clock.now());
    if (seen.kind === 'holds') return brought({ asked, took, lines: [seen.why] });
    const over = signal.aborted ? 'it is not watched any more' : took >= within ? 'time is up' : '';
    if (over !== '') {
      return brought({ asked, took, lines: [`${over}: ${seen.why}`], exit: 'failed' });
    }
    await clock.sleep(milliseconds(Math.min(every, within - took)), signal);
  }
};
