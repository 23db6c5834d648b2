import { nearest } from '../../kernel/spelling.ts';
import type { Chart } from '../chart.ts';
import { diagnostic, type Report } from '../diagnose.ts';
import { type Flow, flowOf } from '../layout/flow.ts';
import { railOf, stepNumbers } from '../layout/rail-of.ts';
import type { Section } from '../markdown/sections.ts';
import { folded } from '../markdown/slug.ts';
import type { StepDraft } from './step-draft.ts';

export interface Bound {
  readonly flow: Flow;
  /** Ids of nodes in walking order. */
  readonly order: readonly string[];
  /** By id of the node. */
  readonly sections: ReadonlyMap<string, Section>;
}

const labelOf = (chart: Chart, id: string): string =>
  chart.nodes.find((node) => node.id === id)?.label.join(' ') ??
  chart.groups.find((group) => group.id === id)?.title ??
  id;

/** Which section tells of which node: what is said first wins, then the same words. */
export const bindSections = (chart: Chart, sections: readonly Section[], report: Report): Bound => {
  const flow = flowOf(chart);
  const ids = flow.nodes.map((node) => node.id);
  const known = new Set(ids);
  const bound = new Map<string, Section>();
  const taken = new Set<Section>();
  const bind = (id: string, section: Section): void => {
    bound.set(id, section);
    taken.add(section);
  };
  for (const section of sections) {
    for (const said of section.ids) {
      if (!known.has(said.id)) {
        const near = nearest(said.id, ids);
        const hint = near === undefined ? '' : `did you mean "${near}"?`;
        report(diagnostic('error', 'binding', said, `the chart has no node "${said.id}"`, hint));
        continue;
      }
      const other = bound.get(said.id);
      if (other === undefined && !taken.has(section)) bind(said.id, section);
      else if (other !== undefined && other !== section && said.by !== 'fence') {
        const message = `node "${said.id}" has a section already, on line ${other.line}`;
        report(diagnostic('error', 'binding', said, message, 'keep one of them'));
      }
    }
  }
  const byTitle = Map.groupBy(sections, (s) => folded(s.title));
  for (const id of ids) {
    if (bound.has(id)) continue;
    const title = folded(labelOf(chart, id));
    const same = (byTitle.get(title) ?? []).filter((s) => !taken.has(s) && s.ids.length === 0);
    const [section] = same;
    if (title !== '' && section !== undefined) bind(id, section);
  }
  // The rail numbers the steps: what it calls 4 is 4 in the log and on the screen.
  const walked = [...stepNumbers(railOf(chart))].sort(([, a], [, b]) => a - b).map(([id]) => id);
  const seen = new Set(walked);
  return { flow, order: [...walked, ...ids.filter((id) => !seen.has(id))], sections: bound };
};

/** A step of a node; `section` tells of it, or nothing does. */
export const nodeDraft = (chart: Chart, id: string, section: Section | undefined): StepDraft => ({
  id,
  title: section?.title || labelOf(chart, id),
  anchors: section === undefined ? [] : [section.slug],
  under: section?.under ?? [],
  blocks: [],
  tasks: [],
  ways: [],
  inText: section !== undefined,
  line: section?.line ?? chart.nodes.find((node) => node.id === id)?.line ?? 1,
});
