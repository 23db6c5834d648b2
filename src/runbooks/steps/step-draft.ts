import type { Lexer } from 'marked';
import type { Place, Report } from '../diagnose.ts';
import type { Block, Link } from '../document.ts';
import { type BlockReader, type Placed, placedBlocks } from '../markdown/blocks.ts';
import { clean } from '../markdown/clean.ts';
import { plainOf } from '../markdown/inline.ts';
import type { Task } from '../runbook.ts';
import type { ChoiceWay } from './declared-plans.ts';
import { fenceTasks, inlineTasks } from './fence-tasks.ts';
import { keptLines } from './kept-lines.ts';
import type { ParameterBook } from './parameters.ts';
import type { Settings } from './settings.ts';
import type { TaskBook } from './task-book.ts';

/** A way that the text of a step names itself. */
export interface TextWay extends Place {
  readonly label: string;
  readonly to: string;
  /** An error when it leads nowhere; else it was only a link. */
  readonly declared: boolean;
}

/** A step before it is known where it leads. */
export interface StepDraft {
  readonly id: string;
  readonly title: string;
  /** Other names under which links find it. */
  readonly anchors: readonly string[];
  readonly under: readonly string[];
  blocks: readonly Block[];
  readonly tasks: Task[];
  readonly ways: TextWay[];
  readonly inText: boolean;
  readonly line: number;
}

/** What is shared by all steps of a runbook while it is read. */
export interface Reading {
  readonly lexer: Pick<Lexer, 'inlineTokens'>;
  readonly find: (piece: string, line: number) => Place;
  readonly report: Report;
  readonly book: ParameterBook;
  readonly tasks: TaskBook;
  readonly links: Link[];
  /** Line of the fence with the chart; 0 when there is none. */
  readonly chartLine: number;
  settingsOf(step: string): Settings;
  /** The step that a fence belongs to by its own word; null: the one it stands in. */
  otherStep(id: string): StepDraft | null;
}

const textReader = (reading: Reading): BlockReader => ({
  lexer: reading.lexer,
  find: reading.find,
  onLink: (link) => void reading.links.push(link),
  onCode: () => {},
  onFence: (fence) => (fence.line === reading.chartLine ? null : []),
});

/** Text without tasks: what stands beside the steps. */
export const textBlocks = (content: readonly Placed[], reading: Reading): readonly Block[] =>
  placedBlocks(content, textReader(reading));

/** Reads blocks whose commands become tasks of a step. */
export const stepReader = (draft: StepDraft, reading: Reading): BlockReader => {
  const placeOf = (of: StepDraft) => ({
    step: of.id,
    settings: reading.settingsOf(of.id),
    book: reading.book,
    tasks: reading.tasks,
    report: reading.report,
    onChoice: (ways: readonly ChoiceWay[], fence: Place & { readonly first: number }): void => {
      for (const { label, to, before } of ways) {
        of.ways.push({ label, to, declared: true, line: fence.first + before, col: fence.col });
      }
    },
  });
  return {
    ...textReader(reading),
    onCode: (code, place) => {
      draft.tasks.push(...inlineTasks(code, place, placeOf(draft)));
    },
    onFence: (fence) => {
      if (fence.line === reading.chartLine) return null;
      const named = fence.info.attributes.get('step');
      const target = named === undefined ? draft : (reading.otherStep(named) ?? draft);
      const made = fenceTasks(fence, placeOf(target));
      target.tasks.push(...made);
      return made.map((task) => task.id);
    },
  };
};

/** Items with a box to tick, wherever they are listed. */
const checksIn = (blocks: readonly Block[]): readonly string[] =>
  blocks.flatMap((block): readonly string[] => {
    if (block.kind === 'list') {
      return block.items.flatMap((item) => {
        const first = item.blocks[0];
        const own =
          item.checked !== null && first?.kind === 'paragraph' ? [plainOf(first.text)] : [];
        return [...own, ...checksIn(item.blocks)];
      });
    }
    return 'blocks' in block ? checksIn(block.blocks) : [];
  });

/** A list to tick off becomes one task. */
export const addChecklist = (draft: StepDraft, reading: Reading): void => {
  const items = checksIn(draft.blocks);
  if (items.length === 0) return;
  const id = reading.tasks.next(`${draft.id}.check`, true, { line: draft.line, col: 1 });
  if (id === null) return;
  draft.tasks.push({
    id,
    plan: { kind: 'checklist', items: items.map(clean) },
    risk: 'manual',
    timeout: reading.settingsOf(draft.id).timeout,
    expect: null,
    source: keptLines(items.join('\n')),
    line: draft.line,
    col: 1,
  });
};

const anchorsIn = (blocks: readonly Block[]): readonly string[] =>
  blocks.flatMap((block): readonly string[] => {
    if (block.kind === 'paragraph') {
      return block.text.filter((run) => run.href.startsWith('#')).map((run) => run.href.slice(1));
    }
    if (block.kind === 'list') return block.items.flatMap((item) => anchorsIn(item.blocks));
    return 'blocks' in block ? anchorsIn(block.blocks) : [];
  });

/** A list in which each item says more than a link, and leads to one place: "if yes, go to …". */
export const addLinkedWays = (draft: StepDraft): void => {
  for (const block of draft.blocks) {
    if (block.kind !== 'list' || block.items.length < 2) continue;
    const ways = block.items.map((item) => {
      const to = [...new Set(anchorsIn(item.blocks))];
      const first = item.blocks[0];
      const label = first?.kind === 'paragraph' ? plainOf(first.text) : '';
      const only = first?.kind === 'paragraph' && first.text.every((run) => run.href !== '');
      return to.length === 1 && !only ? { label, to: to[0] ?? '' } : null;
    });
    if (ways.some((way) => way === null)) continue;
    for (const way of ways) {
      if (way !== null) draft.ways.push({ ...way, declared: false, line: draft.line, col: 1 });
    }
  }
};
