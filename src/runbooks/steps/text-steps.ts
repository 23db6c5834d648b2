import type { Tokens } from 'marked';
import { clip } from '../../kernel/text.ts';
import type { Block } from '../document.ts';
import { itemOf, itemsOf, type Placed, placedBlocks } from '../markdown/blocks.ts';
import { cleanText } from '../markdown/clean.ts';
import { plainOf } from '../markdown/inline.ts';
import type { Section } from '../markdown/sections.ts';
import { seemsToCommand } from './outline.ts';
import { type Reading, type StepDraft, stepReader } from './step-draft.ts';

const titleMost = 80;

/** The first sentence of what an item says. */
const titleOf = (blocks: readonly Block[], fallback: string): string => {
  const first = blocks.find((b) => b.kind === 'paragraph' || b.kind === 'heading');
  const text = first === undefined ? '' : plainOf(first.text);
  const sentence = /^.+?(?:[.:;](?=\s|$)|[。：；])/u.exec(text)?.[0] ?? text;
  return clip(cleanText(sentence.replace(/[.:;。：；]$/u, '').trim() || fallback), titleMost);
};

/** Whether the items of a list are things to do one after the other. */
const isProcedure = (list: Tokens.List): boolean => {
  if (list.items.length < 2 || list.items.every((item) => item.task)) return false;
  if (list.ordered) return true;
  const doing = list.items.filter((item) => seemsToCommand(item.raw.slice(0, 20_000)));
  return doing.length * 2 >= list.items.length;
};

type Piece =
  | { readonly kind: 'text'; readonly content: readonly Placed[] }
  | { readonly kind: 'item'; readonly item: Placed<Tokens.ListItem> };

const piecesOf = (content: readonly Placed[]): readonly Piece[] => {
  const pieces: Piece[] = [];
  let text: Placed[] = [];
  const flush = (): void => {
    if (text.some(({ token }) => token.type !== 'space' && token.type !== 'def')) {
      pieces.push({ kind: 'text', content: text });
    }
    text = [];
  };
  for (const here of content) {
    const list = here.token.type === 'list' ? (here.token as Tokens.List) : null;
    if (list === null || !isProcedure(list)) {
      text.push(here);
      continue;
    }
    flush();
    for (const item of itemsOf({ token: list, line: here.line }))
      pieces.push({ kind: 'item', item });
  }
  flush();
  return pieces;
};

const draftOf = (section: Section, id: string): StepDraft => ({
  id,
  title: section.title,
  anchors: [section.slug, ...section.ids.map((named) => named.id)],
  under: section.under,
  blocks: [],
  tasks: [],
  ways: [],
  inText: true,
  line: section.line,
});

/** One step of a section, whole. */
export const wholeStep = (section: Section, draft: StepDraft, reading: Reading): StepDraft => {
  draft.blocks = placedBlocks(section.content, stepReader(draft, reading));
  return draft;
};

export const sectionDraft = draftOf;

/**
 * Steps of a section: itself, or the items of its lists where they are a procedure. Text before an item leads to it;
 * text that has commands is a step of its own.
 */
export const sectionSteps = (
  section: Section,
  id: string,
  reading: Reading,
  claim: (id: string) => string,
): readonly StepDraft[] => {
  const pieces = piecesOf(section.content);
  if (!pieces.some((p) => p.kind === 'item')) {
    return [wholeStep(section, draftOf(section, id), reading)];
  }
  const steps: StepDraft[] = [];
  let lead: readonly Block[] = [];
  let n = 0;
  const own = section.title === '' ? [] : [section.title];
  for (const piece of pieces) {
    const first = steps.length === 0;
    if (piece.kind === 'text') {
      const draft = draftOf(section, first ? id : claim(`${id}/after-${n}`));
      const blocks = placedBlocks(piece.content, stepReader(draft, reading));
      if (draft.tasks.length === 0) lead = [...lead, ...blocks];
      else {
        draft.blocks = [...lead, ...blocks];
        lead = [];
        steps.push(first ? draft : { ...draft, anchors: [] });
      }
      continue;
    }
    n += 1;
    const { line } = piece.item;
    const draft: StepDraft = {
      ...draftOf(section, claim(`${id}/${n}`)),
      anchors: first ? [section.slug] : [],
      under: [...section.under, ...own],
      line,
    };
    const { blocks } = itemOf(piece.item, stepReader(draft, reading));
    draft.blocks = [...lead, ...blocks];
    lead = [];
    steps.push({ ...draft, title: titleOf(blocks, `${section.title} ${n}`) });
  }
  const last = steps.at(-1);
  if (last !== undefined) last.blocks = [...last.blocks, ...lead];
  return steps;
};
