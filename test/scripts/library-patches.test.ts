import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { patched, patches } from '../../scripts/library-patches.ts';

interface Operation {
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

/** The two patched modules, as the library has them or as they are bundled. */
interface Modules {
  stringWidth(text: string): number;
  Output: new (size: {
    width: number;
    height: number;
  }) => {
    write(x: number, y: number, text: string, options: { transformers: [] }): void;
    get(): { readonly output: string; readonly height: number };
  };
}

const root = join(import.meta.dirname, '../..');
const dir = mkdtempSync(join(tmpdir(), 'midwatch-patches-'));
afterAll(() => rmSync(dir, { recursive: true }));

const load = async (name: string, withPatches: boolean): Promise<Modules> => {
  const outfile = join(dir, `${name}.mjs`);
  await build({
    stdin: {
      contents: `export { default as stringWidth } from 'string-width';
        export { default as Output } from '${join(root, 'node_modules/ink/build/output.js')}';`,
      resolveDir: root,
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    plugins: [
      {
        name: 'patching',
        setup: (b) => {
          if (!withPatches) return;
          for (const patch of patches) {
            b.onLoad({ filter: patch.file }, ({ path }) => ({ contents: patched(patch, path) }));
          }
        },
      },
    ],
  });
  return await import(pathToFileURL(outfile).href);
};

let was: Modules;
let now: Modules;
beforeAll(async () => {
  was = await load('was', false);
  now = await load('now', true);
});

const piece = fc.constantFrom(
  'pods',
  ' ',
  '✓',
  '❯',
  '─',
  '▾',
  '…',
  'é',
  'e\u0301',
  '界',
  '🚨',
  '⚠️',
  '1\u20e3',
  '\u200d',
  '\u00ad',
  '\u001b[31m',
  '\u001b[39m',
  '\u001b[7m',
  '\u001b[27m',
  '\u001b[0m',
);
const text = fc.array(piece, { maxLength: 24 }).map((pieces) => pieces.join(''));

const size = { width: 20, height: 5 };
const paint = ({ Output }: Modules, operations: readonly Operation[]) => {
  const output = new Output(size);
  for (const { x, y, text: t } of operations) output.write(x, y, t, { transformers: [] });
  return output.get();
};

describe('what is changed in libraries while they are bundled', () => {
  it('given any character of the basic plane, alone or between others, then it is as wide as before', () => {
    const wrong: string[] = [];
    for (let code = 0x20; code <= 0xffff; code += 1) {
      const one = String.fromCharCode(code);
      for (const t of [one, `a${one}b`, one + one]) {
        if (was.stringWidth(t) !== now.stringWidth(t)) wrong.push(code.toString(16));
      }
    }
    expect(wrong).toEqual([]);
  });

  it('given any text, then it is as wide as before', () => {
    fc.assert(fc.property(text, (t) => was.stringWidth(t) === now.stringWidth(t)));
  });

  it('given a screen of rows, painted again and again, then it is painted as before', () => {
    const rows = fc.array(text, { maxLength: size.height });
    fc.assert(
      fc.property(rows, (lines) => {
        const operations = lines.map((t, y) => ({ x: 0, y, text: t }));
        expect(paint(now, operations)).toEqual(paint(was, operations));
        expect(paint(now, operations)).toEqual(paint(was, operations));
      }),
    );
  });

  it('given anything else, such as texts over each other, then it is painted as before', () => {
    const operation = fc.record({
      x: fc.integer({ min: 0, max: size.width }),
      y: fc.integer({ min: -1, max: size.height }),
      text: fc.oneof(
        text,
        text.map((t) => `${t}\n${t}`),
      ),
    });
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 8 }), (operations) => {
        expect(paint(now, operations)).toEqual(paint(was, operations));
      }),
    );
  });
});
