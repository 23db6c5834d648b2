import type { Token, Tokens } from 'marked';
import type { Place } from '../diagnose.ts';
import type { AdmonitionTone, Block, ListItem } from '../document.ts';
import { clean, cleanText, withoutTags } from './clean.ts';
import { type FenceInfo, fenceInfo } from './fence-info.ts';
import { type InlineReader, inlineOf } from './inline.ts';
import { nestingMost } from './limits.ts';

/** A block of code as it stands in the text. */
export interface Fence extends Place {
  readonly info: FenceInfo;
  readonly text: string;
  /** Line of its first line of code. */
  readonly first: number;
}

export interface BlockReader extends InlineReader {
  /** @returns ids of the tasks that are made of it; null when it is shown elsewhere, as the chart is. */
  onFence(fence: Fence): readonly string[] | null;
}

/** A token and the line on which it begins. */
export interface Placed<T extends Token = Token> {
  readonly token: T;
  readonly line: number;
}

const newlines = (text: string): number => text.match(/\n/g)?.length ?? 0;

/** Tokens with their lines: marked does not tell them, but what they were made of is all there. */
export const placed = (tokens: readonly Token[], line: number): readonly Placed[] => {
  let at = line;
  return tokens.map((token) => {
    const here = { token, line: at + (/^\n+/.exec(token.raw)?.[0].length ?? 0) };
    at += newlines(token.raw);
    return here;
  });
};

const is = <K extends string>({ token }: Placed, type: K): boolean => token.type === type;

const tones: Readonly<Record<string, AdmonitionTone>> = {
  NOTE: 'note',
  TIP: 'tip',
  IMPORTANT: 'important',
  WARNING: 'warning',
  CAUTION: 'caution',
};

export const fenceOf = (
  token: Tokens.Code,
  line: number,
  reader: Pick<InlineReader, 'find'>,
): Fence => {
  const fenced = token.codeBlockStyle !== 'indented';
  const raw = token.raw.split('\n')[0] ?? '';
  const place = reader.find(raw.trim(), line);
  return {
    info: fenceInfo(fenced ? (token.lang ?? '') : ''),
    text: token.text,
    first: fenced ? place.line + 1 : place.line,
    ...place,
  };
};

const codeBlock = (token: Tokens.Code, line: number, reader: BlockReader): readonly Block[] => {
  const fence = fenceOf(token, line, reader);
  const tasks = reader.onFence(fence);
  if (tasks === null) return [];
  const block: Block = {
    kind: 'code',
    language: clean(fence.info.language),
    lines: token.text.split('\n').map((l) => clean(l.replaceAll('\t', '    '))),
    tasks,
  };
  return [block];
};

const quoteBlock = (token: Tokens.Blockquote, line: number, reader: BlockReader): Block => {
  const found = /^\s*\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*([^\n]*)(\n?)/i.exec(
    token.text,
  );
  if (found === null) return { kind: 'quote', blocks: blocksOf(token.tokens, line, reader) };
  const [first, ...rest] = token.tokens;
  const tone = tones[(found[1] ?? '').toUpperCase()] ?? 'note';
  const title = cleanText(found[2] ?? '').trim();
  // What stands under the mark, within the same paragraph.
  const under = (first !== undefined && 'text' in first ? String(first.text) : '')
    .split('\n')
    .slice(1);
  const inner = under.join('\n').trim();
  const lead: readonly Block[] =
    inner === '' ? [] : [{ kind: 'paragraph', text: inlineOf(inner, line + 1, reader) }];
  const after = line + newlines(first?.raw ?? '');
  return {
    kind: 'admonition',
    tone,
    title: clean(title),
    blocks: [...lead, ...blocksOf(rest, after, reader)],
  };
};

export const itemOf = (
  { token, line }: Placed<Tokens.ListItem>,
  reader: BlockReader,
): ListItem => ({
  checked: token.task ? token.checked === true : null,
  blocks: blocksOf(token.tokens, line, reader),
});

export const itemsOf = ({ token, line }: Placed<Tokens.List>): readonly Placed<Tokens.ListItem>[] =>
  placed(token.items, line) as readonly Placed<Tokens.ListItem>[];

const tableBlock = (token: Tokens.Table, line: number, reader: BlockReader): Block => ({
  kind: 'table',
  head: token.header.map((cell) => inlineOf(cell.text, line, reader)),
  rows: token.rows.map((row, n) => row.map((cell) => inlineOf(cell.text, line + 2 + n, reader))),
});

const paragraph = (text: string, line: number, reader: BlockReader): readonly Block[] => {
  const runs = inlineOf(text, line, reader);
  return runs.some((run) => run.text.trim() !== '') ? [{ kind: 'paragraph', text: runs }] : [];
};

const blockOf = ({ token, line }: Placed, reader: BlockReader): readonly Block[] => {
  switch (token.type) {
    case 'heading': {
      const { depth, text } = token as Tokens.Heading;
      return [{ kind: 'heading', depth, text: inlineOf(text, line, reader) }];
    }
    case 'code':
      return codeBlock(token as Tokens.Code, line, reader);
    case 'blockquote':
      return [quoteBlock(token as Tokens.Blockquote, line, reader)];
    case 'list': {
      const list = token as Tokens.List;
      const items = itemsOf({ token: list, line }).map((item) => itemOf(item, reader));
      return [{ kind: 'list', start: list.ordered ? Number(list.start) || 1 : null, items }];
    }
    case 'table':
      return [tableBlock(token as Tokens.Table, line, reader)];
    case 'hr':
      return [{ kind: 'rule' }];
    case 'html':
      return paragraph(withoutTags((token as Tokens.HTML).text).trim(), line, reader);
    case 'paragraph':
    case 'text':
      return paragraph(
        (token as Tokens.Paragraph).text.replace(/^\[[ xX]\][ \t]+/, ''),
        line,
        reader,
      );
    default:
      // Empty lines, checkboxes, and definitions of links that stand elsewhere.
      return [];
  }
};

const htmlMost = 8000;

const summaryOf = (html: string): string =>
  withoutTags(/<summary[^>]*>([\s\S]*?)<\/summary>/i.exec(html)?.[1] ?? '');

/** Blocks of tokens; what stands between `<details>` and its end is one. */
export const placedBlocks = (all: readonly Placed[], reader: BlockReader): readonly Block[] => {
  const open: { readonly summary: string; readonly blocks: Block[] }[] = [
    { summary: '', blocks: [] },
  ];
  const close = (): void => {
    const done = open.length > 1 ? open.pop() : undefined;
    if (done === undefined) return;
    const summary = cleanText(done.summary.trim());
    open.at(-1)?.blocks.push({ kind: 'details', summary, blocks: done.blocks });
  };
  for (const here of all) {
    // Summaries stand at the beginning, and nobody writes a page into one.
    const html = is(here, 'html') ? here.token.raw.slice(0, htmlMost) : '';
    const opens = /<details\b/i.test(html) && open.length < nestingMost;
    const closes = /<\/details>/i.test(html);
    if (opens && closes) {
      const body = html.replace(/<summary[^>]*>[\s\S]*?<\/summary>/i, '');
      const inner = paragraph(withoutTags(body).trim(), here.line, reader);
      open.push({ summary: summaryOf(html), blocks: [...inner] });
      close();
    } else if (opens) {
      const body = html.replace(/^[\s\S]*<details[^>]*>|<summary[^>]*>[\s\S]*?<\/summary>/gi, '');
      const inner = paragraph(withoutTags(body).trim(), here.line, reader);
      open.push({ summary: summaryOf(html), blocks: [...inner] });
    } else if (closes) {
      const before = html.replace(/<\/details>[\s\S]*$/i, '');
      open.at(-1)?.blocks.push(...paragraph(withoutTags(before).trim(), here.line, reader));
      close();
    } else open.at(-1)?.blocks.push(...blockOf(here, reader));
  }
  while (open.length > 1) close();
  return open[0]?.blocks ?? [];
};

const blocksOf = (
  tokens: readonly Token[] | undefined,
  line: number,
  reader: BlockReader,
): readonly Block[] => placedBlocks(placed(tokens ?? [], line), reader);
