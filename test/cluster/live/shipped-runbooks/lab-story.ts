import { shipped } from '../../../support/shipped-runbooks.ts';
import { apiCases, apiCasesInTurn, apiDownCases } from './api-cases.ts';
import { capacityCases } from './capacity-cases.ts';
import { elsewhereCases } from './elsewhere-cases.ts';
import { etcdCasesInTurn } from './etcd-cases.ts';
import { followCase } from './follow-case.ts';
import type { Lab } from './lab.ts';
import { missingFileCases, monitoringCases, monitoringCasesInTurn } from './monitoring-cases.ts';
import { nodeCases, nodeCasesInTurn, realNodeCases } from './node-cases.ts';
import { podCases } from './pod-cases.ts';
import type { RunbookCase } from './runbook-case.ts';
import { workloadCases } from './workload-cases.ts';

/** Conditions that are there at the same time without being in each other's way. */
const together: readonly RunbookCase[] = [
  ...podCases,
  ...workloadCases,
  ...capacityCases,
  ...nodeCases,
  ...apiCases,
  ...monitoringCases,
  ...elsewhereCases,
];
const inTurn = {
  monitoring: [...monitoringCasesInTurn, ...missingFileCases],
  nodes: [...nodeCasesInTurn, ...realNodeCases],
  api: apiCasesInTurn,
  etcd: etcdCasesInTurn,
  last: apiDownCases,
};

export const allCases: readonly RunbookCase[] = [...together, ...Object.values(inTurn).flat()];

export const bookOf = ({ alert }: RunbookCase): string => {
  const found = shipped.find(({ runbook }) => runbook.alerts.includes(alert));
  if (found === undefined) throw new Error(`no runbook is shipped for ${alert}`);
  return found.name;
};

/** The first of its runbook: the tasks of all its steps are carried out. */
const isFirst = (one: RunbookCase): boolean =>
  allCases.find((other) => bookOf(other) === bookOf(one)) === one;

type Outcome = PromiseWithResolvers<void>;

/** Brings all conditions about, several at a time, and walks their runbooks; what becomes of each is told. */
export class LabStory {
  readonly #lab: Lab;
  readonly #outcomes: ReadonlyMap<RunbookCase, Outcome>;

  constructor(lab: Lab) {
    this.#lab = lab;
    this.#outcomes = new Map(allCases.map((one) => [one, Promise.withResolvers<void>()]));
    // Whoever asks later hears of it; nobody has to.
    for (const { promise } of this.#outcomes.values()) promise.catch(() => undefined);
  }

  /** Resolves when all is over, whatever became of it. */
  async run(): Promise<void> {
    const { etcd, api, monitoring, nodes, last } = inTurn;
    const besides = [this.#chain(etcd), this.#chain(api)];
    await Promise.all(together.map((one) => this.#one(one)));
    await Promise.all([...besides, this.#chain(monitoring), this.#chain(nodes)]);
    await this.#chain(last);
  }

  async outcome(one: RunbookCase): Promise<void> {
    await this.#outcomes.get(one)?.promise;
  }

  async #chain(cases: readonly RunbookCase[]): Promise<void> {
    for (const one of cases) await this.#one(one);
  }

  async #one(one: RunbookCase): Promise<void> {
    const outcome = this.#outcomes.get(one);
    try {
      await one.make?.(this.#lab);
      await followCase(this.#lab, one, isFirst(one));
      outcome?.resolve();
    } catch (cause) {
      outcome?.reject(cause);
    }
    // What it leaves behind would be blamed on the next one.
    await one.undo?.(this.#lab).catch((cause: unknown) => outcome?.reject(cause));
  }
}
