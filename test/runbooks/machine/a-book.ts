import { ok, type Result } from '../../../src/kernel/failure.ts';
import type { Run, RunsState } from '../../../src/kernel/run.ts';
import type { Evidence, RunAlert, RunFact } from '../../../src/kernel/run-fact.ts';
import { type PlainText, plainText } from '../../../src/kernel/text.ts';
import { epochMs, revision, seconds } from '../../../src/kernel/units.ts';
import { runs } from '../../../src/probes/runs.ts';
import type { Book, Doer, Intent } from '../../../src/runbooks/machine/intent.ts';
import { propose } from '../../../src/runbooks/machine/propose.ts';
import { startRun } from '../../../src/runbooks/machine/start-run.ts';
import type { Plan } from '../../../src/runbooks/plan.ts';
import type { Branch, Rule, Runbook, Step, Task } from '../../../src/runbooks/runbook.ts';

const none = '' as PlainText;

export const task = (id: string, plan: Plan): Task => ({
  id,
  plan,
  risk: 'read',
  timeout: seconds(30),
  expect: null,
  source: [],
  line: 1,
  col: 1,
});

export const branch = (
  label: string,
  to: string,
  edge: number | null,
  when: Rule | null,
): Branch => ({
  label: plainText(label),
  to,
  edge,
  when,
  from: '',
  line: 1,
});

const step = (id: string, number: number, more: Partial<Step>): Step => ({
  id,
  number,
  title: plainText(`Step ${id}`),
  under: [],
  blocks: [],
  tasks: [],
  branches: [],
  next: null,
  inChart: true,
  inText: true,
  line: number,
  ...more,
});

export const query: Plan = {
  kind: 'query',
  promql: [{ kind: 'text', text: 'up' }],
  over: null,
};

/** look → quorum? → (yes) wait, which goes back to quorum; (no) restore, the end. */
export const aRunbook: Runbook = {
  path: 'etcd-members-lost.md',
  title: plainText('etcd members lost'),
  alerts: ['etcdMembersDown'],
  aliases: [],
  owner: none,
  panels: [],
  steps: [
    step('look', 1, {
      tasks: [
        task('list', {
          kind: 'checklist',
          items: [plainText('told the team'), plainText('opened a call')],
        }),
      ],
      next: 'quorum',
    }),
    step('quorum', 2, {
      tasks: [task('up', query)],
      branches: [
        branch('yes', 'wait', 1, { kind: 'value', is: '>=', value: 2 }),
        branch('no', 'restore', 2, { kind: 'value', is: '<', value: 2 }),
      ],
    }),
    step('wait', 3, { next: 'quorum' }),
    step('restore', 4, {
      tasks: [task('by-hand', { kind: 'manual', copy: [plainText('restore it')] })],
    }),
  ],
  chart: null,
  brokenChart: null,
  parameters: [
    {
      name: 'namespace',
      type: 'namespace',
      from: [{ kind: 'label', name: 'namespace' }],
      pattern: '',
      fallback: null,
      required: true,
      description: none,
      written: plainText('<namespace>'),
      line: 1,
    },
  ],
  links: [],
};

export const aBook: Book = { hash: 'a'.repeat(64), runbook: aRunbook };

export const anAlert: RunAlert = {
  fingerprint: 'f1',
  name: 'etcdMembersDown',
  labels: { job: 'etcd', namespace: 'payments' },
  annotations: {},
};

export const evidence = (more: Partial<Evidence> = {}): Evidence => ({
  task: 'up',
  asked: 'GET http://p/api/v1/query: up',
  lines: ['VALUE  SERIES', '1      up'],
  data: null,
  values: [1],
  exit: 'ok',
  took: 12,
  truncated: false,
  ...more,
});

export const foldAll = (facts: readonly RunFact[], from: RunsState = runs.empty) =>
  runs.fold(
    from,
    facts.map((data, i) => ({
      rev: revision(i + 1),
      at: epochMs(data.at),
      scope: '',
      data,
      settled: true,
    })),
  );

/** A run that is walked by one person, a second for each thing done. */
export class Walk {
  readonly facts: RunFact[] = [];
  #at = 1000;
  #state: RunsState = runs.empty;
  readonly id: string;

  constructor(id = 'r1', book: Book = aBook) {
    this.id = id;
    this.take(startRun({ run: id, book, alert: anAlert }, this.who('ana')));
  }

  who(by: string): Doer {
    this.#at += 1000;
    return { at: epochMs(this.#at), by };
  }

  get state(): RunsState {
    return this.#state;
  }

  get run(): Run {
    const run = this.#state.get(this.id);
    if (run === undefined) throw new Error('the run has not begun');
    return run;
  }

  get place(): string {
    return this.run.visits.at(-1)?.step ?? '';
  }

  take(facts: Result<readonly RunFact[]>): Result<readonly RunFact[]> {
    if (!facts.ok) return facts;
    this.facts.push(...facts.value);
    this.#state = foldAll(facts.value, this.#state).state;
    return ok(facts.value);
  }

  /** '' when it was done, else why it was not. */
  do(intent: Intent, book: Book = aBook): string {
    const done = this.take(propose(this.run, book, intent, this.who('ana')));
    return done.ok ? '' : done.failure.message;
  }

  /** Past the checklist. */
  toQuorum(): this {
    this.do({ kind: 'tick', task: 'list', item: 0, done: true });
    this.do({ kind: 'tick', task: 'list', item: 1, done: true });
    this.do({ kind: 'next' });
    return this;
  }
}
