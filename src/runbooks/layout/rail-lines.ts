import type { NodeState, Piece, Role } from '../drawing.ts';
import { stateSigns } from './glyphs.ts';
import { clipText, columnsOf } from './label-wrap.ts';
import type { GoTo, RailRow } from './rail-of.ts';

export interface RailOptions {
  /** Columns there are; longer rows are cut. */
  readonly width: number;
  readonly ascii: boolean;
}

interface Look {
  readonly bar: string;
  readonly tee: string;
  readonly end: string;
  readonly takenTee: string;
  readonly takenEnd: string;
  readonly on: string;
  readonly back: string;
  readonly decision: string;
  readonly open: string;
  readonly ellipsis: string;
}

const unicode: Look = {
  bar: '│',
  tee: '├─',
  end: '╰─',
  takenTee: '┣━',
  takenEnd: '┗━',
  on: '→',
  back: '↺',
  decision: '◇',
  open: '○',
  ellipsis: '…',
};

const ascii: Look = {
  bar: '|',
  tee: '+-',
  end: '`-',
  takenTee: '#=',
  takenEnd: '#=',
  on: '->',
  back: '<-',
  decision: '<>',
  open: '[ ]',
  ellipsis: '...',
};

const space: Role = { kind: 'space' };
const line = (edges: readonly number[]): Role => ({ kind: 'edge', edges, part: 'line' });
const label = (edge: number): Role => ({ kind: 'edge', edges: [edge], part: 'label' });

const clipPieces = (pieces: readonly Piece[], width: number, ellipsis: string): Piece[] => {
  const kept: Piece[] = [];
  let left = width;
  for (const piece of pieces) {
    const columns = columnsOf(piece.text);
    if (columns <= left) {
      kept.push(piece);
      left -= columns;
      continue;
    }
    const text = clipText(piece.text, left, ellipsis);
    if (text !== '') kept.push({ ...piece, text });
    break;
  }
  return kept;
};

/** The rows of a rail as text, none wider than is asked for. */
export const railLines = (
  rail: readonly RailRow[],
  { width, ascii: plain }: RailOptions,
  states: ReadonlyMap<string, NodeState>,
  taken: ReadonlySet<number>,
): readonly (readonly Piece[])[] => {
  const look = plain ? ascii : unicode;
  const signs = stateSigns[plain ? 'ascii' : 'unicode'];
  const steps = rail.filter((row) => row.kind === 'step').length;
  const digits = String(steps).length;
  const goTo = (to: GoTo, edge: number): Piece => ({
    text: ` ${to.back ? look.back : look.on} ${to.number} ${to.title}`,
    role: line([edge]),
  });
  return rail.map((row) => {
    const guides = row.guides.map(
      (guide): Piece =>
        guide === 'bar' ? { text: `${look.bar}  `, role: line([]) } : { text: '   ', role: space },
    );
    const pieces = ((): readonly Piece[] => {
      switch (row.kind) {
        case 'step': {
          const state = states.get(row.node) ?? 'open';
          const sign = state === 'open' ? look.open : signs[state];
          const number = String(row.number).padStart(digits);
          const title = row.decision ? `${look.decision} ${row.title}` : row.title;
          return [
            { text: sign, role: { kind: 'node', id: row.node, part: 'sign' } },
            { text: ` ${number} ${title}`, role: { kind: 'node', id: row.node, part: 'label' } },
          ];
        }
        case 'branch': {
          const went = taken.has(row.edge);
          const marker = row.last
            ? went
              ? look.takenEnd
              : look.end
            : went
              ? look.takenTee
              : look.tee;
          return [
            { text: marker, role: line([row.edge]) },
            ...(row.label === '' ? [] : [{ text: ` ${row.label}`, role: label(row.edge) }]),
            ...(row.goTo === null ? [] : [goTo(row.goTo, row.edge)]),
          ];
        }
        case 'label':
          return [
            { text: `${look.bar} `, role: line([row.edge]) },
            { text: row.label, role: label(row.edge) },
          ];
        case 'group':
          return [{ text: row.title, role: { kind: 'group', id: row.group, part: 'title' } }];
      }
    })();
    return clipPieces([...guides, ...pieces], width, look.ellipsis);
  });
};
