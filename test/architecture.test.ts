import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const src = join(root, 'src');

const walk = (dir: string): readonly string[] =>
  readdirSync(dir).flatMap((name) => {
    const path = join(dir, name);
    return statSync(path).isDirectory() ? walk(path) : [path];
  });

const files = walk(src).filter((path) => /\.tsx?$/.test(path));

/** Rooms of the house and what each may import besides itself. `packages` are npm and Node modules. */
const rooms: Readonly<
  Record<string, { readonly may: readonly string[]; readonly packages: RegExp }>
> = {
  kernel: { may: [], packages: /^zod$/ },
  probes: { may: ['kernel'], packages: /^zod$/ },
  findings: { may: ['kernel', 'probes'], packages: /^$/ },
  actions: { may: ['kernel', 'probes'], packages: /^$/ },
  runbooks: { may: ['kernel'], packages: /^(zod|yaml|marked|string-width)$/ },
  views: {
    may: ['kernel', 'probes', 'findings', 'actions', 'runbooks'],
    packages: /^(react|ink|string-width|yaml)$/,
  },
  adapters: { may: ['kernel'], packages: /^(node:.*|undici|yaml|zod|execa)$/ },
  cli: {
    may: ['kernel', 'probes', 'findings', 'actions', 'runbooks', 'views', 'adapters'],
    packages: /.*/,
  },
  root: {
    may: ['kernel', 'probes', 'findings', 'actions', 'runbooks', 'views', 'adapters', 'cli'],
    packages: /.*/,
  },
};

const roomOf = (path: string): string => {
  const [first, ...rest] = relative(src, path).split('/');
  return rest.length === 0 ? 'root' : (first ?? 'root');
};

const importsOf = (text: string): readonly string[] =>
  [
    ...text.matchAll(
      /(?:^|\n)\s*(?:import|export)[^'"]*?from\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)\s*import\s*['"]([^'"]+)['"]/g,
    ),
  ].map((m) => m[1] ?? m[2] ?? m[3] ?? '');

const inside = (path: string): string => relative(root, path);
const without = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');

describe('architecture', () => {
  it('given a file, when it imports, then only what its folder may', () => {
    const wrong = files.flatMap((path) => {
      const room = roomOf(path);
      const rule = rooms[room];
      if (rule === undefined) return [`${inside(path)}: folder "${room}" is not in the table`];
      return importsOf(readFileSync(path, 'utf8')).flatMap((target) => {
        if (!target.startsWith('.'))
          return rule.packages.test(target) ? [] : [`${inside(path)} imports ${target}`];
        const to = roomOf(resolve(dirname(path), target));
        return to === room || rule.may.includes(to) ? [] : [`${inside(path)} imports ${target}`];
      });
    });
    expect(wrong).toEqual([]);
  });

  it('given two views, when one needs the other, then through parts, never directly', () => {
    const shared = /^(parts\/|view|session|keymap|keys|filter|command)/;
    const views = files.filter((p) =>
      /src\/views\/(home|explorer|timeline|proof|broken|describe|yaml|help)\.ts$/.test(p),
    );
    const wrong = views.flatMap((path) =>
      importsOf(readFileSync(path, 'utf8'))
        .filter((t) => t.startsWith('./'))
        .map((t) => t.slice(2))
        .filter((t) => views.some((v) => v.endsWith(`/views/${t}`)) && !shared.test(t))
        .map((t) => `${inside(path)} imports ${t}`),
    );
    expect(wrong).toEqual([]);
  });

  it('given a clock, a timer, randomness or the environment, when it is read, then only at the edge', () => {
    const edge = /^(adapters|cli|root)$/;
    const effects =
      /\bDate\.now\(|new Date\(\)|\bset(?:Timeout|Interval|Immediate)\(|Math\.random\(|\bprocess\.|\bconsole\./;
    const wrong = files
      .filter((path) => !edge.test(roomOf(path)))
      .filter((path) => effects.test(without(readFileSync(path, 'utf8'))))
      .map(inside);
    expect(wrong).toEqual([]);
  });

  it('given a source file, when it grows, then it is split before 300 lines', () => {
    const long = [
      ...files,
      ...walk(join(root, 'test')).filter((p) => /\.tsx?$/.test(p) && !p.includes('/fixtures/')),
    ]
      .map((path) => ({
        path: inside(path),
        lines: readFileSync(path, 'utf8').split('\n').length - 1,
      }))
      .filter(({ lines }) => lines > 300);
    expect(long).toEqual([]);
  });

  it('given types, when they do not fit, then they are mended, not silenced', () => {
    const wrong = files
      .filter(
        (path) =>
          /\bas any\b|@ts-ignore|@ts-expect-error|@ts-nocheck/.test(
            without(readFileSync(path, 'utf8')),
          ) || /@ts-/.test(readFileSync(path, 'utf8')),
      )
      .map(inside);
    expect(wrong).toEqual([]);
  });

  it('given the program, when it is searched for a way to run commands in a container, then there is none', () => {
    // Spelled in two parts, so that this file does not find itself.
    const forbidden = new RegExp(`/ex${'ec'}[\`'"?]|pods/ex${'ec'}['"\`]`);
    // The kubeconfig extension of that name configures credential plugins.
    const extension = `client.authentication.k8s.io/ex${'ec'}`;
    const wrong = files
      .filter((path) =>
        forbidden.test(without(readFileSync(path, 'utf8')).replaceAll(extension, '')),
      )
      .map(inside);
    expect(wrong).toEqual([]);
  });
});
