import type { Chart } from '../chart.ts';
import { diagnostic } from '../diagnose.ts';
import { clean } from '../markdown/clean.ts';
import type { FrontMatterRead } from '../markdown/front-matter.ts';
import type { Section } from '../markdown/sections.ts';
import type { Step } from '../runbook.ts';
import { bindSections, nodeDraft } from './chart-steps.ts';
import { type Outline, seemsToCommand } from './outline.ts';
import { addChecklist, addLinkedWays, type Reading, type StepDraft } from './step-draft.ts';
import { sectionSteps, wholeStep } from './text-steps.ts';
import { chartWays, stepNamed, textWays, type Ways } from './ways.ts';

export interface Assembling {
  readonly chart: Chart | null;
  readonly sections: readonly Section[];
  readonly outline: Outline;
  readonly front: FrontMatterRead;
  readonly reading: Reading;
}

export interface Assembled {
  readonly steps: readonly Step[];
  /** Sections that are no steps because the chart has no node for them. */
  readonly appendix: ReadonlySet<Section>;
}

const stepOf = (
  draft: StepDraft,
  number: number,
  ways: Ways,
  inChart: boolean,
  { front, outline }: Assembling,
): Step => {
  const steps = front.front.steps ?? {};
  // The title of the runbook stands above everything.
  const titled = outline.title !== '' && draft.under[0] === outline.title ? 1 : 0;
  const title = Object.hasOwn(steps, draft.id) ? steps[draft.id]?.title : undefined;
  return {
    id: draft.id,
    number,
    title: clean(title ?? draft.title),
    under: draft.under.slice(titled).map(clean),
    blocks: draft.blocks,
    tasks: draft.tasks,
    branches: ways.branches,
    next: ways.next,
    inChart,
    inText: draft.inText,
    line: draft.line,
  };
};

const fromChart = (all: Assembling, of: Chart): Assembled => {
  const { sections, outline, front, reading } = all;
  const { report } = reading;
  const { flow, order, sections: bound } = bindSections(of, sections, report);
  const drafts = new Map(order.map((id) => [id, nodeDraft(of, id, bound.get(id))]));
  const withSteps: Reading = { ...reading, otherStep: (id) => drafts.get(id) ?? null };
  const taken = new Set(bound.values());
  // In the order of the text, so that tasks and links are told in it too.
  const nodeOf = new Map([...bound].map(([id, section]) => [section, id]));
  const appendix = new Set<Section>();
  for (const section of sections) {
    const draft = drafts.get(nodeOf.get(section) ?? '');
    if (draft !== undefined) wholeStep(section, draft, withSteps);
    else if (outline.uses.get(section)?.kind === 'step' && !taken.has(section)) {
      appendix.add(section);
      if (!section.content.some((c) => seemsToCommand(c.token.raw.slice(0, 20_000)))) continue;
      const message = `"${section.title}" has commands and no node in the chart: it is no step`;
      const hint = 'write <!-- step: X --> under the heading';
      report(diagnostic('warning', 'binding', section, message, hint));
    }
  }
  const steps = order.map((id, n) => {
    const draft = drafts.get(id) ?? nodeDraft(of, id, undefined);
    addChecklist(draft, reading);
    return stepOf(draft, n + 1, chartWays(draft, of, flow, front, report), true, all);
  });
  return { steps, appendix };
};

/** Ids as they are given out, each once. */
const claiming = (): ((wanted: string) => string) => {
  const taken = new Set<string>();
  return (wanted) => {
    let id = wanted;
    for (let n = 2; taken.has(id); n += 1) id = `${wanted}-${n}`;
    taken.add(id);
    return id;
  };
};

const ownId = (section: Section): string =>
  section.ids.find((named) => named.by !== 'fence')?.id ?? (section.slug || 'step');

const fromText = (all: Assembling): Assembled => {
  const { sections, outline, front, reading } = all;
  const claim = claiming();
  const drafts = sections.flatMap((section) =>
    outline.uses.get(section)?.kind === 'step'
      ? sectionSteps(section, claim(ownId(section)), reading, claim)
      : [],
  );
  for (const draft of drafts) {
    addChecklist(draft, reading);
    addLinkedWays(draft);
  }
  const named = stepNamed(drafts);
  const steps = drafts.map((draft, n) => {
    const later = drafts.slice(n + 1).map((d) => d.id);
    const ways = textWays(draft, later, named, front, reading.report);
    return stepOf(draft, n + 1, ways, false, all);
  });
  return { steps, appendix: new Set() };
};

/** The steps of a runbook: the nodes of its chart, or what its text has to do, in walking order. */
export const assembleSteps = (all: Assembling): Assembled =>
  all.chart === null ? fromText(all) : fromChart(all, all.chart);
