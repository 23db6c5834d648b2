import type { Lexer, Token, Tokens } from 'marked';
import type { Place } from '../diagnose.ts';
import type { Inline, Link } from '../document.ts';
import { clean, cleanText, withoutTags } from './clean.ts';
import { inlineMost } from './limits.ts';

export interface InlineReader {
  readonly lexer: Pick<Lexer, 'inlineTokens'>;
  /** Where a piece of text stands, on this line or one of the next. */
  find(piece: string, line: number): Place;
  onLink(link: Link): void;
  /** Code within a line: often a command. */
  onCode(code: string, place: Place): void;
}

interface Look {
  readonly style: Inline['style'];
  readonly href: string;
}

const inner = (token: Token): readonly Token[] => ('tokens' in token ? (token.tokens ?? []) : []);
const textOf = (token: Token): string => ('text' in token ? String(token.text) : token.raw);

/** Stronger marks hide weaker ones: a terminal shows one. */
const within = (look: Look, style: Inline['style']): Look =>
  look.style === 'code' ? look : { ...look, style };

/** Null: marks in marks beyond what can be read. */
const inlineTokens = (text: string, { lexer }: InlineReader): readonly Token[] | null => {
  try {
    return lexer.inlineTokens(text, []);
  } catch {
    return null;
  }
};

/** Runs of text of a paragraph that begins at `line`. Nothing is fetched, addresses stay text. */
export const inlineOf = (text: string, line: number, reader: InlineReader): readonly Inline[] => {
  const runs: Inline[] = [];
  const push = (piece: string, { style, href }: Look): void => {
    const last = runs.at(-1);
    if (piece === '') return;
    if (last !== undefined && last.style === style && last.href === href) {
      runs[runs.length - 1] = { ...last, text: clean(last.text + piece) };
    } else runs.push({ text: clean(piece), style, href: clean(href) });
  };
  if (text.length > inlineMost) {
    push(withoutTags(text), { style: 'plain', href: '' });
    return runs;
  }
  let at = line;
  const linked = (token: Tokens.Link | Tokens.Image, image: boolean): string => {
    const href = clean(token.href.trim());
    const said = cleanText(token.text);
    reader.onLink({ href, text: said, image, ...reader.find(token.href, at) });
    return href;
  };
  const walk = (tokens: readonly Token[], look: Look): void => {
    for (const token of tokens) {
      const from = at;
      switch (token.type) {
        case 'strong':
          walk(inner(token), within(look, 'strong'));
          break;
        case 'em':
          walk(inner(token), within(look, 'emphasis'));
          break;
        case 'del':
          walk(inner(token), within(look, 'strike'));
          break;
        case 'codespan': {
          const code = textOf(token);
          reader.onCode(code, reader.find(code, at));
          push(clean(code), { ...look, style: 'code' });
          break;
        }
        case 'link': {
          const href = linked(token as Tokens.Link, false);
          walk(inner(token), { ...look, href });
          break;
        }
        case 'image': {
          const href = linked(token as Tokens.Image, true);
          push(`image: ${cleanText(textOf(token)) || href}`, { ...look, href });
          break;
        }
        case 'br':
          push(' ', look);
          break;
        case 'html':
          push(/^<br/i.test(token.raw) ? ' ' : '', look);
          break;
        case 'checkbox':
          break;
        default:
          push(cleanText(textOf(token)), look);
      }
      at = from + (token.raw.match(/\n/g)?.length ?? 0);
    }
  };
  const tokens = inlineTokens(text, reader);
  if (tokens === null) push(withoutTags(text), { style: 'plain', href: '' });
  else walk(tokens, { style: 'plain', href: '' });
  return runs;
};

/** Words of runs, without marks. */
export const plainOf = (runs: readonly Inline[]): string =>
  runs
    .map((run) => run.text)
    .join('')
    .trim();
