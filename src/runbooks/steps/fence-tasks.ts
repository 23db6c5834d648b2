import { diagnostic, type Place } from '../diagnose.ts';
import type { Fence } from '../markdown/blocks.ts';
import type { Task } from '../runbook.ts';
import { riskOf } from './classified.ts';
import { readOne } from './command-drafts.ts';
import { type FenceSays, fenceAttributes } from './fence-attributes.ts';
import { fenceDrafts } from './fence-drafts.ts';
import { keptLines } from './kept-lines.ts';
import { parametersOf } from './map-plan.ts';
import type { Draft, TaskPlace } from './task-draft.ts';

const taskOf = (draft: Draft, says: FenceSays, at: TaskPlace): Task | null => {
  const { classified, place } = draft;
  const { plan, remarks } = classified;
  const id = at.tasks.next(says.name || at.step, says.name !== '', place);
  if (id === null) return null;
  for (const r of remarks) at.report(diagnostic(r.severity, r.rule, place, r.message, r.hint));
  const declared = says.risk ?? at.settings.risk;
  const risk = riskOf(declared, classified.risk);
  if (says.risk !== null && says.risk !== risk && classified.risk !== 'manual') {
    const message = `declared as ${says.risk}, and it is ${risk}`;
    at.report(diagnostic('warning', 'risk', place, message, `write risk=${risk}`));
  }
  at.book.needed(parametersOf(plan));
  return {
    id,
    plan,
    risk,
    timeout: says.settings.timeout,
    expect: says.expect,
    source: keptLines(draft.source),
    line: place.line,
    col: place.col,
  };
};

/** What can be done with a fence, and what there is to say of it. */
export const fenceTasks = (fence: Fence, at: TaskPlace): readonly Task[] => {
  const says = fenceAttributes(fence, at.settings, at.report);
  if (says.name !== '' && at.tasks.has(says.name)) {
    const message = `the name "${says.name}" is taken`;
    at.report(
      diagnostic('error', 'attribute', fence, message, 'give each fence a name of its own'),
    );
  }
  return fenceDrafts(fence, says, at).flatMap((draft) => taskOf(draft, says, at) ?? []);
};

const inlineCommand = /^\s*(?:\$\s+)?(?:kubectl|oc|etcdctl)\s+\S/;

/** A command within a line of text; only what is surely one. */
export const inlineTasks = (code: string, place: Place, at: TaskPlace): readonly Task[] => {
  if (!inlineCommand.test(code) || code.length > 1000 || /(?:^|\s)(?:\.\.\.|…)/.test(code))
    return [];
  const text = code.replace(/^\s*\$\s+/, '');
  const classified = readOne({ text, ...place }, at.settings, at.book);
  if (!classified.known) return [];
  const none = {
    name: '',
    type: null,
    risk: null,
    expect: null,
    settings: at.settings,
    attribute: () => '',
  };
  return [taskOf({ classified, source: text, place }, none, at)].filter((task) => task !== null);
};
