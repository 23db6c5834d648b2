import { absurd } from '../../kernel/absurd.ts';
import type { AdmonitionTone, Block, Inline } from '../../runbooks/document.ts';
import { cut, type Line, line, type Style, span } from '../parts/line.ts';
import { wrap } from '../parts/wrap.ts';

const written = ({ text, style, href }: Inline): string => {
  const shown = style === 'code' ? `\`${text}\`` : text;
  return href === '' || href === text ? shown : `${shown} (${href})`;
};

export const inlineText = (text: readonly Inline[]): string =>
  text.map(written).join('').replace(/\s+/g, ' ').trim();

const tones: Readonly<Record<AdmonitionTone, Style>> = {
  note: 'here',
  tip: 'here',
  important: 'warn',
  warning: 'warn',
  caution: 'bad',
};

const indented = (lines: readonly Line[], first: string, rest: string, style: Style): Line[] =>
  lines.map((l, i) => line(span(i === 0 ? first : rest, style), l));

/** Text of a runbook as lines of at most `columns`. Code that became tasks is left out: tasks are shown as they are. */
export const blockLines = (block: Block, columns: number): readonly Line[] => {
  const room = Math.max(10, columns);
  const within = (blocks: readonly Block[], by: number): readonly Line[] =>
    blocks.flatMap((b) => blockLines(b, room - by));
  switch (block.kind) {
    case 'paragraph':
      return wrap(inlineText(block.text), room).map((t) => line(t));
    case 'heading':
      return wrap(inlineText(block.text), room).map((t) => line(span(t, 'title')));
    case 'list':
      return block.items.flatMap(({ blocks, checked }, n) => {
        // Boxes to tick stand among the things to do.
        if (checked !== null) return [];
        const sign = block.start === null ? '- ' : `${block.start + n}. `;
        return indented(within(blocks, sign.length), sign, ' '.repeat(sign.length), 'dim');
      });
    case 'code':
      return block.tasks.length > 0
        ? []
        : block.lines.map((t) => line('  ', span(cut(t, room - 2), 'dim')));
    case 'table':
      return [block.head, ...block.rows].map((cells, n) =>
        line(span(cut(cells.map(inlineText).join('  '), room), n === 0 ? 'title' : 'plain')),
      );
    case 'admonition': {
      const style = tones[block.tone];
      return [
        line(span(cut(`! ${block.title}`, room), style)),
        ...indented(within(block.blocks, 2), '  ', '  ', style),
      ];
    }
    case 'quote':
      return indented(within(block.blocks, 2), '> ', '> ', 'dim');
    case 'details':
      return [line(span(cut(block.summary, room), 'title')), ...within(block.blocks, 0)];
    case 'rule':
      return [];
    default:
      return absurd(block);
  }
};

/** Blocks below each other, with a line between them. */
export const blocksLines = (blocks: readonly Block[], columns: number): readonly Line[] =>
  blocks
    .map((b) => blockLines(b, columns))
    .filter((lines) => lines.length > 0)
    .flatMap((lines, n) => (n === 0 ? lines : [line(), ...lines]));
