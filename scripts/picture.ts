/**
 * Draws the pictures of the README: runs the built program on the bundled incident in a pseudo-terminal and writes
 * what is on the screen as SVG.
 */
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Piece, Terminal } from '../test/support/terminal.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cell = { width: 8.43, height: 18 };
const ground = '#1b1f27';
const ink = '#d7dae0';
const colours = ['#20242c', '#e5646c', '#8fc379', '#e2b25f', '#61a5e8', '#c27adf', '#56b6c2', ink];

const colour = (index: number, otherwise: string): string => colours[index % 8] ?? otherwise;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const draw = (piece: Piece, row: number): string => {
  let fg = piece.fg < 0 ? ink : colour(piece.fg, ink);
  let bg = piece.bg < 0 ? ground : colour(piece.bg, ground);
  if (piece.inverse) [fg, bg] = [bg, fg];
  const x = piece.column * cell.width;
  const y = row * cell.height;
  const box =
    bg === ground
      ? ''
      : `<rect x="${x.toFixed(1)}" y="${y}" width="${(piece.columns * cell.width).toFixed(1)}" height="${cell.height}" fill="${bg}"/>`;
  if (piece.text.trim() === '') return box;
  const weight = piece.bold ? ' font-weight="700"' : '';
  const opacity = piece.dim ? ' opacity="0.6"' : '';
  return `${box}<text x="${x.toFixed(1)}" y="${y + 13}" fill="${fg}"${weight}${opacity} textLength="${(piece.columns * cell.width).toFixed(1)}" xml:space="preserve">${escaped(piece.text)}</text>`;
};

const svg = (rows: readonly (readonly Piece[])[], columns: number): string => {
  const width = columns * cell.width;
  const height = rows.length * cell.height;
  const body = rows.map((pieces, row) => pieces.map((p) => draw(p, row)).join('')).join('\n');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-12 -12 ${(width + 24).toFixed(0)} ${height + 24}" font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="14">
<rect x="-12" y="-12" width="${(width + 24).toFixed(0)}" height="${height + 24}" rx="8" fill="${ground}"/>
${body}
</svg>
`;
};

const take = async (
  name: string,
  columns: number,
  rows: number,
  keys: readonly string[],
  ready: RegExp,
): Promise<void> => {
  await using terminal = new Terminal(
    process.execPath,
    [join(root, 'dist/midwatch.mjs'), 'replay', '--pause'],
    { columns, rows },
  );
  await terminal.until(/REPLAY/);
  for (const key of keys) {
    terminal.send(key);
    await terminal.quiet(300);
  }
  await terminal.until(ready);
  await terminal.quiet(300);
  writeFileSync(join(root, 'docs', `${name}.svg`), svg(terminal.pieces(), columns));
  process.stdout.write(`docs/${name}.svg\n${terminal.text()}\n`);
};

await take('home', 100, 30, [], /broken, worst first/);
