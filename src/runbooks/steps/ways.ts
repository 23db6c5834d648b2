import { nearest } from '../../kernel/spelling.ts';
import type { Chart } from '../chart.ts';
import { diagnostic, type Place, type Report } from '../diagnose.ts';
import type { Flow } from '../layout/flow.ts';
import { clean } from '../markdown/clean.ts';
import type { FrontMatterRead, StepWritten } from '../markdown/front-matter.ts';
import { folded } from '../markdown/slug.ts';
import type { Branch, Rule } from '../runbook.ts';
import { readRule } from './rule.ts';
import type { StepDraft } from './step-draft.ts';

export interface Ways {
  readonly branches: readonly Branch[];
  readonly next: string | null;
}

type WrittenBranch = NonNullable<StepWritten['branch']>[number];

interface Written {
  readonly branch: WrittenBranch;
  readonly rule: Rule | null;
  readonly place: Place;
}

/** Branches of the front matter, with rules that can be read. */
const writtenFor = (id: string, front: FrontMatterRead, report: Report): readonly Written[] => {
  const steps = front.front.steps ?? {};
  const step = Object.hasOwn(steps, id) ? steps[id] : undefined;
  return (step?.branch ?? []).map((branch, n) => {
    const place = { line: front.lineOf(['steps', id, 'branch', n]), col: 1 };
    if (branch.when === undefined) return { branch, rule: null, place };
    const read = readRule(branch.when);
    if (read.kind === 'wrong') report(diagnostic('error', 'branch', place, read.why, read.hint));
    return { branch, rule: read.kind === 'read' ? read.rule : null, place };
  });
};

const sameLabel = (written: string | undefined, label: string): boolean =>
  written !== undefined &&
  (written.trim() === label.trim() ||
    (folded(written) !== '' && folded(written) === folded(label)));

const unmatched = (branch: WrittenBranch, place: Place, known: readonly string[]) => {
  const name = branch.edge ?? branch.to ?? '';
  const near = nearest(name, known);
  const hint =
    near === undefined ? `there are: ${known.join(', ') || 'none'}` : `did you mean "${near}"?`;
  return diagnostic('error', 'branch', place, `no way out is called "${name}"`, hint);
};

/** Ways out of a node: its edges, with the rules that the front matter has for them. */
export const chartWays = (
  draft: StepDraft,
  chart: Chart,
  flow: Flow,
  front: FrontMatterRead,
  report: Report,
): Ways => {
  const hops = flow.hops.filter((hop) => hop.from === draft.id);
  const written = writtenFor(draft.id, front, report);
  const used = new Set<Written>();
  const branches = hops.map((hop): Branch => {
    const edge = chart.edges[hop.edge];
    const label = edge?.label ?? '';
    const mine = written.find(
      (w) =>
        !used.has(w) &&
        (w.branch.edge === undefined ? w.branch.to === hop.to : sameLabel(w.branch.edge, label)) &&
        (w.branch.to === undefined || w.branch.to === hop.to),
    );
    if (mine !== undefined) used.add(mine);
    return {
      label: clean(label),
      to: hop.to,
      edge: hop.edge,
      when: mine?.rule ?? null,
      from: mine?.branch.from ?? '',
      line: mine?.place.line ?? edge?.line ?? draft.line,
    };
  });
  const names = branches.map((b) => b.label || b.to);
  for (const w of written) if (!used.has(w)) report(unmatched(w.branch, w.place, names));
  for (const way of draft.ways) {
    if (!way.declared || branches.some((b) => b.to === way.to)) continue;
    const message = `the chart has no way from here to "${way.to}"`;
    report(diagnostic('error', 'branch', way, message, 'draw it, or take the answer out'));
  }
  const [only] = branches;
  return branches.length <= 1 && only?.when == null
    ? { branches: [], next: only?.to ?? null }
    : { branches, next: null };
};

/** The step that a name in the text means: an id, an anchor, or a title. */
export const stepNamed = (drafts: readonly StepDraft[]): ((name: string) => string | null) => {
  const ids = new Set(drafts.map((d) => d.id));
  const others = new Map<string, string>();
  for (const draft of [...drafts].reverse()) {
    others.set(folded(draft.title), draft.id);
    for (const anchor of draft.anchors) others.set(anchor, draft.id);
  }
  return (name) => (ids.has(name) ? name : (others.get(name) ?? others.get(folded(name)) ?? null));
};

/** Ways out of a step in a text without a chart: the next one of `later`, unless something else is said. */
export const textWays = (
  draft: StepDraft,
  later: readonly string[],
  named: (name: string) => string | null,
  front: FrontMatterRead,
  report: Report,
): Ways => {
  const branches: Branch[] = [];
  const add = (label: string, to: string, place: Place, when: Rule | null, from: string): void => {
    branches.push({ label: clean(label), to, edge: null, when, from, line: place.line });
  };
  for (const { branch, rule, place } of writtenFor(draft.id, front, report)) {
    const to = named(branch.to ?? branch.edge ?? '');
    if (to === null) report(unmatched(branch, place, []));
    else add(branch.label ?? branch.edge ?? '', to, place, rule, branch.from ?? '');
  }
  for (const way of draft.ways) {
    const to = named(way.to);
    // A link back only refers to what has been done.
    if (!way.declared && (to === null || !later.includes(to))) continue;
    if (to !== null && to !== draft.id) {
      if (!branches.some((b) => b.to === to)) add(way.label, to, way, null, '');
    } else if (way.declared) {
      report(
        diagnostic('error', 'branch', way, `there is no step "${way.to}"`, 'correct the name'),
      );
    }
  }
  const steps = front.front.steps ?? {};
  const said = Object.hasOwn(steps, draft.id) ? steps[draft.id]?.next : undefined;
  const next = said === undefined ? (later[0] ?? null) : said === null ? null : named(said);
  if (typeof said === 'string' && next === null) {
    const place = { line: front.lineOf(['steps', draft.id, 'next']), col: 1 };
    report(diagnostic('error', 'branch', place, `there is no step "${said}"`, 'correct the name'));
  }
  if (branches.length === 0) return { branches, next };
  // One way that is named leaves the other unnamed: going on. Links do not say that there is no other.
  const open = branches.length === 1 || draft.ways.some((way) => !way.declared);
  if (open && next !== null && !branches.some((b) => b.to === next)) {
    add('otherwise', next, { line: draft.line, col: 1 }, null, '');
  }
  return { branches, next: null };
};
