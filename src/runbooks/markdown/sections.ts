import { Lexer, type Token, type Tokens } from 'marked';
import type { Place } from '../diagnose.ts';
import { type Fence, fenceOf, type Placed, placed } from './blocks.ts';
import { cleanText, withoutTags } from './clean.ts';
import { slugger } from './slug.ts';

/** A heading and what stands under it, up to the next heading. */
export interface Section extends Place {
  /** 1 to 6; 0 is what stands before the first heading. */
  readonly depth: number;
  readonly title: string;
  /** As a link would call it; unique. */
  readonly slug: string;
  /** Ids that the text gives it: `{#B}`, `<!-- step: B -->`, or a fence that says `step=B`. */
  readonly ids: readonly (Place & {
    readonly id: string;
    readonly by: 'heading' | 'comment' | 'fence';
  })[];
  /** Titles of the headings around it, the outermost first. */
  readonly under: readonly string[];
  readonly content: readonly Placed[];
}

export interface Sections {
  readonly lexer: Lexer;
  readonly sections: readonly Section[];
  /** All fences, nested ones too, in the order of the text. */
  readonly fences: readonly Fence[];
}

/** Where a piece stands: on the line, or one of the next few. */
export const finder =
  (lines: readonly string[]) =>
  (piece: string, line: number): Place => {
    const wanted = piece.split('\n')[0]?.trim() ?? '';
    if (wanted !== '') {
      for (let n = line; n < line + 4; n += 1) {
        const col = (lines[n - 1] ?? '').indexOf(wanted);
        if (col !== -1) return { line: n, col: col + 1 };
      }
    }
    const here = lines[line - 1] ?? '';
    return { line, col: here.length - here.trimStart().length + 1 };
  };

const ownId = /\s*\{#([^\s{}]{1,100})\}\s*$/;
const stepComment = /<!--\s*step:\s*([^\s>]{1,100})\s*-->/;

/** Tokens of code, in lists and quotes too. */
const fencesIn = (
  tokens: readonly Placed[],
  find: ReturnType<typeof finder>,
  found: Fence[],
): void => {
  for (const { token, line } of tokens) {
    if (token.type === 'code') found.push(fenceOf(token as Tokens.Code, line, { find }));
    else if (token.type === 'list') {
      fencesIn(placed((token as Tokens.List).items, line), find, found);
    } else if (token.type !== 'table' && 'tokens' in token && Array.isArray(token.tokens)) {
      fencesIn(placed(token.tokens as readonly Token[], line), find, found);
    }
  }
};

/**
 * Cuts a text into its sections. `firstLine`: of the text in its file, behind the front matter; `lines`: of the file.
 * @throws RangeError when it is nested beyond what can be read.
 */
export const sectionsOf = (text: string, firstLine: number, lines: readonly string[]): Sections => {
  const lexer = new Lexer();
  lexer.blockTokens(text, lexer.tokens);
  const find = finder(lines);
  const slugOf = slugger();
  const sections: Section[] = [];
  const fences: Fence[] = [];
  let content: Placed[] = [];
  let heading: Omit<Section, 'ids' | 'content'> & { readonly own: string } = {
    depth: 0,
    title: '',
    slug: '',
    under: [],
    own: '',
    line: firstLine,
    col: 1,
  };
  const around: { readonly depth: number; readonly title: string }[] = [];
  const finish = (): void => {
    const { own, ...rest } = heading;
    const mine: Fence[] = [];
    fencesIn(content, find, mine);
    fences.push(...mine);
    const comment = content.flatMap(({ token, line }) => {
      const id = token.type === 'html' ? stepComment.exec(token.raw)?.[1] : undefined;
      return id === undefined ? [] : [{ id, by: 'comment' as const, ...find(id, line) }];
    });
    const byFence = mine.flatMap((fence) => {
      const id = fence.info.attributes.get('step');
      return id === undefined
        ? []
        : [{ id, by: 'fence' as const, line: fence.line, col: fence.col }];
    });
    const byHeading =
      own === '' ? [] : [{ id: own, by: 'heading' as const, ...find(`{#${own}}`, rest.line) }];
    sections.push({ ...rest, ids: [...byFence, ...byHeading, ...comment], content });
  };
  for (const here of placed(lexer.tokens, firstLine)) {
    if (here.token.type !== 'heading') {
      content.push(here);
      continue;
    }
    finish();
    content = [];
    const { depth, text: written } = here.token as Tokens.Heading;
    const own = ownId.exec(written)?.[1] ?? '';
    const title = titleOf(written.replace(ownId, ''), lexer);
    while ((around.at(-1)?.depth ?? 0) >= depth) around.pop();
    const under = around.map((a) => a.title);
    around.push({ depth, title });
    const place = find(here.token.raw.split('\n')[0] ?? '', here.line);
    heading = { depth, title, slug: slugOf(title), under, own, ...place };
  }
  finish();
  return { lexer, sections, fences };
};

/** Words of a heading, without marks. */
const titleOf = (written: string, lexer: Lexer): string => {
  const words = (tokens: readonly Token[]): string =>
    tokens
      .map((token) => {
        if ('tokens' in token && token.tokens !== undefined) return words(token.tokens);
        if (token.type === 'html') return '';
        return 'text' in token ? String(token.text) : '';
      })
      .join('');
  return cleanText(withoutTags(words(lexer.inlineTokens(written.slice(0, 2000), [])))).trim();
};
