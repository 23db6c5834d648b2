import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachPath } from '../../src/adapters/attach/attach.ts';
import type { EffectMode } from '../../src/adapters/effects/effect-mode.ts';
import { forbiddenAttach, kubernetesGuard } from '../../src/adapters/effects/kubernetes-guard.ts';
import { portForwardPath } from '../../src/adapters/kubernetes/port-forward.ts';
import { forbiddenRequest } from '../../src/adapters/kubernetes/request-guard.ts';

const root = resolve(import.meta.dirname, '../..');
const src = join(root, 'src');

const walk = (dir: string): readonly string[] =>
  readdirSync(dir).flatMap((name) => {
    const path = join(dir, name);
    return statSync(path).isDirectory() ? walk(path) : [path];
  });

const withoutComments = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');

const sources = walk(src)
  .filter((path) => /\.tsx?$/.test(path))
  .map((path) => ({
    path: relative(src, path),
    text: withoutComments(readFileSync(path, 'utf8')),
  }));

/** The word as the last or only part of something longer, in text that a program is made of. */
const word = `ex${'ec'}`;

/** Extension of a kubeconfig, by its whole name: it holds settings for plugins that log in, and is no path. */
const extension = `client.authentication.k8s.io/${word}`;

/** A path to it: a slash, perhaps in its escape, the word in letters or escapes, and then no further letter. */
const pathToIt = /(?:\/|%2f)(?:e|%65|%45)(?:x|%78|%58)(?:e|%65|%45)(?:c|%63|%43)(?![a-z-])/gi;
/** What is to be run, as a parameter of a query, written out or set. */
const commandParameter =
  /[?&]command=|['"`]command=|(?:append|set)\(\s*['"`]command['"`]|searchParams[^;]{0,80}['"`]command['"`]/g;
/** The word alone in quotes: a part that a path could be put together of. */
const quoted = new RegExp(`['"\`]/?${word}/?['"\`]`, 'gi');

const found = (text: string, what: RegExp): readonly string[] =>
  [...text.replaceAll(extension, '').matchAll(what)].map((m) =>
    text
      .replaceAll(extension, '')
      .slice(Math.max(0, m.index - 40), m.index + 40)
      .replace(/\s+/g, ' '),
  );

/** Who names it, and what for. None of these builds requests but to refuse them. */
const named: Readonly<Record<string, string>> = {
  'actions/catalogue.ts': 'the key that says that it is closed for good',
  'actions/guards/no-exec.ts': 'the guard that refuses it',
  'actions/guards/runs-in.ts': 'finds it in commands that people typed, to refuse them',
  'runbooks/runbook.ts': 'kind of a step that is always refused',
  'runbooks/steps/classify.ts': 'finds it in runbooks',
  'runbooks/steps/command-drafts.ts': 'finds it in runbooks',
  'runbooks/steps/exec-plan.ts': 'refuses it in runbooks, with what to do instead',
  'runbooks/steps/fence-attributes.ts': 'reads it in runbooks',
  'runbooks/steps/fence-drafts.ts': 'reads it in runbooks',
  'runbooks/steps/kubectl-plan.ts': 'reads it in runbooks',
  'adapters/kubernetes/credential.ts': 'kind of a login in the kubeconfig',
  'adapters/kubernetes/kubeconfig-target.ts': 'kind of a login in the kubeconfig',
  'adapters/kubernetes/kubeconfig-user.ts': 'kind of a login in the kubeconfig',
  'adapters/kubernetes/open-cluster.ts': 'kind of a login in the kubeconfig',
  'adapters/kubernetes/resolved.ts': 'kind of a login in the kubeconfig',
  'cli/doctor-door.ts': 'asks whether the user could, by other programs',
};

/** The only shapes in which the word alone may stand in the bundle: compared, refused, or a kind of something. */
const shapes = [
  // The key that is closed for good, with its other names behind it.
  /\w\("exec",\[\],\["sh","rsh"\]/,
  // What the doctor asks of rights: two words, and no name of a pod between them.
  /=\["pods","exec"\]\.join\("\/"\)/,
  /kind:"exec"(?=\W)/,
  /kind!=="exec"(?=\W)/,
  /rule:"exec"(?=\W)/,
  /rule==="exec"(?=\W)/,
  /case"exec"(?=\W)/,
  /==="exec"(?=\W)/,
  /new Set\(\["exec"(?=\W)/,
  /"choice","exec"(?=\W)/,
  /object"&&"exec"in /,
];

let out = '';
let bundle = '';

beforeAll(async () => {
  out = mkdtempSync(join(tmpdir(), 'midwatch-bundle-'));
  await promisify(execFile)(process.execPath, [join(root, 'scripts/build.ts'), '--out', out]);
  bundle = readFileSync(join(out, 'midwatch.mjs'), 'utf8');
}, 180_000);
afterAll(() => rmSync(out, { recursive: true, force: true }));

describe('no command is run in a container', () => {
  it('given the sources, when they are searched, then no text leads to it and no query carries a command', () => {
    const wrong = sources.flatMap(({ path, text }) =>
      [pathToIt, commandParameter].flatMap((what) =>
        found(text, what).map((where) => `${path}: ${where}`),
      ),
    );
    expect(wrong).toEqual([]);
  });

  it('given the sources, when the word alone is looked for, then only those name it who are known to, and why', () => {
    const naming = sources.filter(({ text }) => found(text, quoted).length > 0);
    expect(naming.map(({ path }) => path).filter((path) => named[path] === undefined)).toEqual([]);
  });

  it('given the bundle with its libraries, when it is searched, then it is the same', () => {
    expect(bundle.length).toBeGreaterThan(500_000);
    expect(found(bundle, pathToIt)).toEqual([]);
    expect(found(bundle, commandParameter)).toEqual([]);
    const alone = [...bundle.matchAll(quoted)].map((m) =>
      bundle.slice(Math.max(0, m.index - 40), m.index + m[0].length + 20).replaceAll('`', '"'),
    );
    expect(alone.filter((text) => !shapes.some((shape) => shape.test(text)))).toEqual([]);
  });

  it('given the search itself, when something is hidden in a text, then it is found', () => {
    const hidden = [
      `\`/api/v1/namespaces/\${ns}/pods/\${pod}/${word}\``,
      `\`/pods/\${pod}/${word}?container=a\``,
      `'/pods/x%2F${word}'`,
      `'/pods/x/%65x%65c'`,
      `'/${word.toUpperCase()}/ns/pod/container'`,
    ];
    for (const text of hidden) expect(found(text, pathToIt)).toHaveLength(1);
    const queries = ["'?command=sh'", '`stdin=true&command=$' + '{c}`', "q.append('command', c)"];
    for (const text of queries) expect(found(text, commandParameter)).not.toEqual([]);
    for (const text of [`['pods', name, '${word}']`, `'/${word}'`]) {
      expect(found(text, quoted)).toHaveLength(1);
    }
  });

  it('given whoever opens a session, when its path is built, then it ends as it is fixed to, whatever it is built of', () => {
    const openers = sources
      .filter(({ text }) => /\bupgradeToWebSocket\(/.test(text))
      .map(({ path }) => path);
    expect(openers.toSorted()).toEqual([
      'adapters/attach/attach.ts',
      'adapters/kubernetes/port-forward.ts',
    ]);
    const part = fc.oneof(
      fc.string(),
      fc.constantFrom(
        'a',
        'web-0',
        `a/${word}`,
        `a?command=sh`,
        `a&command=sh`,
        `../${word}`,
        'a%2f',
      ),
    );
    fc.assert(
      fc.property(
        part,
        part,
        part,
        fc.boolean(),
        fc.integer(),
        (namespace, pod, container, tty, port) => {
          const joined = attachPath({ kind: 'attach', namespace, pod, container, tty });
          if (joined.ok) {
            expect(joined.value.path).toMatch(
              /^\/api\/v1\/namespaces\/[a-z0-9-]+\/pods\/[a-z0-9.-]+\/attach$/,
            );
            expect(joined.value.query).toMatch(
              /^container=[a-z0-9-]+&stdin=true&stdout=true&stderr=\w+&tty=\w+$/,
            );
          }
          const forwarded = portForwardPath({ namespace, name: pod, port });
          if (forwarded.ok) expect(forwarded.value).toMatch(/^[^?&%]+\/portforward$/);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

/** The word as a server could read it: letters, their escapes, capitals. */
const spelled = fc
  .tuple(
    ...[...word].map((c) =>
      fc.constantFrom(
        c,
        c.toUpperCase(),
        `%${c.charCodeAt(0).toString(16)}`,
        `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
      ),
    ),
  )
  .map((letters) => letters.join(''));
const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?$/);
const end = fc.constantFrom(
  '',
  '/',
  '//',
  '?command=sh',
  '?stdin=true&command=ls&tty=true',
  '/?command=id',
);
const doors = fc.oneof(
  fc
    .tuple(label, label, spelled, end)
    .map(([ns, pod, it, rest]) => `/api/v1/namespaces/${ns}/pods/${pod}/${it}${rest}`),
  fc
    .tuple(label, label, label, spelled, end)
    .map(([node, ns, pod, it, rest]) => `/api/v1/nodes/${node}/proxy/${it}/${ns}/${pod}/c${rest}`),
  fc
    .tuple(label, label, label, end)
    .map(([node, ns, pod, rest]) => `/api/v1/nodes/${node}/proxy/run/${ns}/${pod}/c${rest}`),
);

describe('if something asked for it all the same', () => {
  it.each<EffectMode>(['read-only', 'guarded'])(
    'given %s, when a command is asked to be run by whatever path and method, then no client sends it',
    (mode) => {
      const guard = kubernetesGuard(() => mode);
      fc.assert(
        fc.property(
          doors,
          fc.constantFrom('GET', 'HEAD', 'POST', 'PATCH', 'DELETE'),
          fc.constantFrom('', '{}', '{"kind":"DeleteOptions","apiVersion":"v1"}'),
          (path, method, body) => {
            expect(guard({ method: method as 'GET', path, accept: '*/*', body })).not.toBeNull();
            expect(forbiddenRequest(method, path)).not.toBeNull();
            expect(forbiddenAttach(() => mode, path)).not.toBeNull();
          },
        ),
        { numRuns: 5_000 },
      );
    },
  );
});
