import { expect } from 'vitest';
import { waitFor } from '../../wait.ts';
import type { Lab } from './lab.ts';
import type { RunbookCase } from './runbook-case.ts';
import { type Look, WalkedBook } from './walked-book.ts';

/** A condition takes its time to be seen: kubelets back off, controllers look again, series must be there. */
const SEEN_MS = 150_000;
const AGAIN_MS = 1_000;

type Wrong = Look['wrong'][number];
const wrongLine = ({ task, words }: Wrong): string => `${task}: ${words}`;
const told = ({ to, why, wrong, seen }: Look): string =>
  [`${to}: ${why}`, ...wrong.map(wrongLine), seen].join('\n');

/** Whether just those tasks do not answer that must not. */
const failing = ({ wrong }: Look, fails: readonly string[] = []): boolean =>
  wrong.length === fails.length && wrong.every(({ task }) => fails.includes(task));

/**
 * Walks the runbook of a case: at each of its steps the rules must come to point where they should, and every task
 * that reads must answer. With `all`, the tasks of all other steps must answer too.
 */
export const followCase = async (lab: Lab, one: RunbookCase, all: boolean): Promise<void> => {
  const book = await WalkedBook.begin(lab, one.alert, one.labels, one.log);
  for (const [name, value] of Object.entries(one.values ?? {})) await book.value(name, value);
  for (const [step, ...to] of one.leads) {
    const where = to.join(' or ');
    let last: Look | undefined;
    await waitFor(
      { until: `${step} leads to ${where}`, timeoutMs: SEEN_MS, everyMs: AGAIN_MS },
      async () => {
        last = await book.look(step);
        return to.includes(last.to) && failing(last, one.fails);
      },
    ).catch((cause: unknown) => {
      throw new Error(`${step} must lead to ${where}; ${last && told(last)}`, { cause });
    });
  }
  if (all) {
    const led = new Set(one.leads.map(([step]) => step));
    const others = book.steps.filter(({ id, tasks }) => !led.has(id) && tasks.length > 0);
    const wrong: string[] = [];
    for (const { id } of others) {
      wrong.push(...(await book.look(id)).wrong.map((what) => `${id} ${wrongLine(what)}`));
    }
    expect(wrong).toEqual([]);
  }
  await book.end();
};
