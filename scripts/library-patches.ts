/**
 * Changes to two libraries while they are bundled. What they give stays the same, and a test says so; they take less
 * time for the screens that we paint. A library that has changed, so that a patch no longer fits, fails the build.
 */
import { readFileSync } from 'node:fs';

export interface Patch {
  /** Which file of a package. */
  readonly file: RegExp;
  readonly replace: readonly (readonly [find: string, by: string])[];
  readonly append?: string;
}

/**
 * Signs, lines and arrows of one column that join with nothing beside them. Without them in it, every row with a
 * tick or a box in it would be taken apart into grapheme clusters.
 */
const narrow = String.raw`\u0020-\u007E\u00A0-\u00AC\u00AE-\u02FF\u2010-\u2027\u2030-\u205E\u2190-\u2319\u2500-\u25FC\u2713\u2717\u276F`;

const stringWidth: Patch = {
  file: /string-width[\\/]index\.js$/,
  replace: [[String.raw`/^[\u0020-\u007E]*$/`, `/^[${narrow}]*$/`]],
};

/**
 * Ink makes every cell of the screen anew for every frame. A screen of rows that nothing else touches is painted row
 * by row instead, by the same code, and rows that are remembered are not painted again.
 */
const output: Patch = {
  file: /ink[\\/]build[\\/]output\.js$/,
  replace: [['export default class Output {', 'class Cells {']],
  append: `
const rowsKept = 1024;
const painted = new Map();
const rowOf = (text, width) => {
    const key = width + ' ' + text;
    let row = painted.get(key);
    if (row === undefined) {
        const cells = new Cells({ width, height: 1 });
        cells.write(0, 0, text, { transformers: [] });
        row = cells.get().output;
        if (painted.size >= rowsKept) painted.clear();
        painted.set(key, row);
    }
    return row;
};
export default class Output extends Cells {
    get() {
        const rows = new Array(this.height).fill('');
        const written = new Set();
        for (const { type, x, y, text, transformers } of this.operations) {
            if (type !== 'write' || x !== 0 || rows[y] === undefined || written.has(y) || text.includes('\\n')) return super.get();
            if (transformers.some((transform) => transform(text, 0) !== text)) return super.get();
            written.add(y);
            rows[y] = rowOf(text, this.width);
        }
        return { output: rows.join('\\n'), height: this.height };
    }
}
`,
};

export const patches: readonly Patch[] = [stringWidth, output];

/** @throws when the file is not what the patch was made for. */
export const patched = (patch: Patch, path: string): string => {
  let text = readFileSync(path, 'utf8');
  for (const [find, by] of patch.replace) {
    if (text.split(find).length !== 2) throw new Error(`${path} has changed: no single ${find}`);
    text = text.replace(find, () => by);
  }
  return text + (patch.append ?? '');
};
