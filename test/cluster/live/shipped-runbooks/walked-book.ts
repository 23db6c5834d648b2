import { systemClock } from '../../../../src/adapters/clock.ts';
import { brought } from '../../../../src/adapters/steps/brought.ts';
import { type OpenBook, openBook, type TaskOutcome } from '../../../../src/cli/walker.ts';
import { worldValues } from '../../../../src/findings/world-values.ts';
import { failureText, type Result } from '../../../../src/kernel/failure.ts';
import { fingerprint } from '../../../../src/kernel/fingerprint.ts';
import type { Run, Visit } from '../../../../src/kernel/run.ts';
import { sliceOf } from '../../../../src/kernel/world.ts';
import { runs } from '../../../../src/probes/runs.ts';
import type { Intent } from '../../../../src/runbooks/machine/intent.ts';
import { suggest } from '../../../../src/runbooks/machine/suggest.ts';
import { valuesIn } from '../../../../src/runbooks/machine/task-plan.ts';
import type { Step, Task } from '../../../../src/runbooks/runbook.ts';
import { shipped } from '../../../support/shipped-runbooks.ts';
import { waitFor } from '../../wait.ts';
import type { Lab } from './lab.ts';

export type Labels = Readonly<Record<string, string>>;

/** The log of what is not a pod here but is one elsewhere; null asks kubectl. */
export type LogOf = (lab: Lab, task: Task) => string | null;

/** What a look at a step has come to. */
export interface Look {
  /** The step that the rules point to; `asks` where they leave it to the person. */
  readonly to: string;
  readonly why: string;
  /** Tasks that read and did not answer, with why. */
  readonly wrong: readonly { readonly task: string; readonly words: string }[];
  /** All that was brought, for the message of a test that fails. */
  readonly seen: string;
}

interface Carried {
  readonly task: string;
  readonly attached: boolean;
  /** Null when it is an answer. */
  readonly wrong: string | null;
}

/** A watch may last for minutes: that it begins is an answer. */
const WATCH_MS = 1_000;
const SEEN_CHARACTERS = 600;

/** Tasks that read and are not carried out yet: what they would do is all that the screen tells. */
const onlyShown =
  /^(?:top|version|rollout (?:history|status)) is only shown$|^there is no way to the outside here$/;

/** Of a container that has not begun, or has no life before this one: an answer too. */
const noLogYet =
  /waiting to start|have a host assigned|previous terminated container .* not found|ContainerCreating/;

const isReading = ({ risk }: Task): boolean => risk === 'read';

/** The runbook of an alert as a walk of a session: what a person does by keys is done by intents. */
export class WalkedBook {
  readonly #lab: Lab;
  readonly #book: OpenBook;
  readonly #id: string;
  readonly #logOf: LogOf;

  private constructor(lab: Lab, book: OpenBook, id: string, logOf: LogOf) {
    this.#lab = lab;
    this.#book = book;
    this.#id = id;
    this.#logOf = logOf;
  }

  static async begin(
    lab: Lab,
    alertname: string,
    rest: Labels,
    logOf: LogOf = () => null,
  ): Promise<WalkedBook> {
    const found = shipped.find(({ runbook }) => runbook.alerts.includes(alertname));
    if (found === undefined) throw new Error(`no runbook is shipped for ${alertname}`);
    const book = openBook(found.text, found.name);
    const labels = { alertname, ...rest };
    const alert = { fingerprint: fingerprint(labels), name: alertname, labels, annotations: {} };
    const begun = await lab.walker.begin(book, alert);
    if (!begun.ok) throw new Error(failureText(begun.failure));
    const walked = new WalkedBook(lab, book, begun.value, logOf);
    await walked.#until((run) => run.visits.length === 1);
    return walked;
  }

  get steps(): readonly Step[] {
    return this.#book.runbook.steps;
  }

  #run(): Run | undefined {
    return sliceOf(this.#lab.session.store.world(), runs).state.get(this.#id);
  }

  async #until(holds: (run: Run) => boolean): Promise<Run> {
    return await waitFor({ until: 'the run has gone on', timeoutMs: 30_000, everyMs: 20 }, () => {
      const run = this.#run();
      return run !== undefined && holds(run) ? run : false;
    });
  }

  async #act(intent: Intent): Promise<void> {
    const done = await this.#lab.walker.act(this.#id, this.#book, intent);
    if (!done.ok) throw new Error(`${intent.kind}: ${failureText(done.failure)}`);
  }

  async value(name: string, value: string): Promise<void> {
    await this.#act({ kind: 'value', name, value });
    await this.#until((run) => run.values[name] === value);
  }

  async end(): Promise<void> {
    await this.#act({ kind: 'abandon', reason: 'looked at' });
  }

  /** Goes to a step, has all its tasks that read carried out, and tells what they come to. */
  async look(id: string): Promise<Look> {
    const step = this.steps.find((s) => s.id === id);
    if (step === undefined) throw new Error(`there is no step ${id}`);
    const number = (await this.#until(() => true)).visits.length + 1;
    await this.#act({ kind: 'jump', step: id });
    await this.#until(({ visits }) => visits.length === number);
    const carried = await Promise.all(
      step.tasks.filter(isReading).map((task) => this.#carryOut(task, number)),
    );
    const brought = carried.flatMap(({ task, attached }) => (attached ? [task] : []));
    const { visits } = await this.#until((run) => {
      const there = run.visits[number - 1]?.evidence.map((e) => e.task) ?? [];
      return brought.every((task) => there.includes(task));
    });
    const visit = visits[number - 1];
    if (visit === undefined) throw new Error('the visit is lost');
    const { branch, why } = suggest(step, visit);
    const to = branch === null ? 'asks' : (step.branches[branch]?.to ?? '');
    const wrong = carried.flatMap(({ task, wrong }) =>
      wrong === null ? [] : [{ task, words: wrong }],
    );
    return { to, why, wrong, seen: seenIn(visit) };
  }

  async #carryOut(task: Task, visit: number): Promise<Carried> {
    const { signal } = new AbortController();
    const until = task.plan.kind === 'watch' ? AbortSignal.timeout(WATCH_MS) : signal;
    const outcome = await this.#lab.walker.carryOut(this.#id, this.#book, task.id, until);
    if (task.plan.kind === 'logs' && outcome.ok && outcome.value.kind === 'planned') {
      return await this.#bringLog(task, visit);
    }
    const attached = outcome.ok && outcome.value.kind === 'brought';
    return { task: task.id, attached, wrong: wrongWith(task, outcome) };
  }

  /** Reads the log as the task says; where the program reads none by itself, kubectl does. */
  async #bringLog(task: Task, visit: number): Promise<Carried> {
    let text = this.#logOf(this.#lab, task);
    const asked = this.#commandOf(task);
    try {
      text ??= await this.#lab.cluster.kubectl(asked.split(/\s+/).slice(1));
    } catch (cause) {
      text = cause instanceof Error ? cause.message : String(cause);
      if (!noLogYet.test(text)) return { task: task.id, attached: false, wrong: text };
    }
    const evidence = { task: task.id, ...brought({ asked, took: 0, lines: text.split('\n') }) };
    await this.#act({ kind: 'attach', visit, evidence });
    return { task: task.id, attached: true, wrong: null };
  }

  #commandOf(task: Task): string {
    const run = this.#run();
    const written = task.source.join(' ').trim();
    if (run === undefined) return written;
    const known = worldValues(this.#lab.session.store.world(), systemClock.now());
    const values = valuesIn(run, this.#book.runbook, known);
    return written.replaceAll(/\$\{(\w+)\}|<(\w+)>/g, (whole, name = '', asked = '') => {
      const value = values.get(`${name}${asked}`);
      return value?.kind === 'known' ? value.value : whole;
    });
  }
}

const seenIn = ({ evidence }: Visit): string =>
  evidence
    .map(({ task, exit, lines }) => `${task} (${exit}): ${lines.join('\n')}`)
    .map((text) => text.slice(0, SEEN_CHARACTERS))
    .join('\n');

/** Null when it is an answer, also one that something is not there or not well. */
const wrongWith = (task: Task, outcome: Result<TaskOutcome>): string | null => {
  if (!outcome.ok) {
    const { failure } = outcome;
    return failure.kind === 'ended' && task.plan.kind === 'watch' ? null : failureText(failure);
  }
  const { value } = outcome;
  switch (value.kind) {
    case 'brought':
      // What is told of etcd counts as failed when a member is not well.
      return value.evidence.exit === 'ok' || task.plan.kind === 'etcd'
        ? null
        : value.evidence.lines.join('; ');
    case 'planned':
      return task.plan.kind === 'http' || onlyShown.test(value.why) ? null : value.why;
    case 'open':
      return `it needs ${[...value.missing, ...value.refused.map((r) => r.name)].join(', ')}`;
    default:
      return null;
  }
};
