/**
 * Bundles everything into one file that runs with nothing but Node beside it, in both threads. `--if-stale` builds
 * only when a source is newer, `--out <dir>` elsewhere than in dist, `--readable` with its names, for profiles.
 */
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { patched, patches } from './library-patches.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const given = process.argv.indexOf('--out');
const dist = given === -1 ? join(root, 'dist') : resolve(process.argv[given + 1] ?? '');
const out = join(dist, 'midwatch.mjs');
const { version, engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  version: string;
  engines: { node: string };
};

const newest = (path: string): number =>
  statSync(path).isDirectory()
    ? Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))))
    : statSync(path).mtimeMs;

const stale = (): boolean =>
  !existsSync(out) ||
  statSync(out).mtimeMs <
    Math.max(...['src', 'scripts', 'package.json'].map((p) => newest(join(root, p))));

// Ink asks for React's developer tools only when a variable is set; they are not part of the bundle.
const withoutDevtools = {
  name: 'without-devtools',
  setup: (b: import('esbuild').PluginBuild) => {
    b.onResolve({ filter: /^react-devtools-core$/ }, () => ({
      path: 'devtools',
      namespace: 'nothing',
    }));
    b.onLoad({ filter: /.*/, namespace: 'nothing' }, () => ({ contents: 'export default {}' }));
  },
};

// The request method of the client and of the pool is all that is used of it, and most of the rest is made when it is loaded.
const smallUndici = {
  name: 'small-undici',
  setup: (b: import('esbuild').PluginBuild) => {
    b.onResolve({ filter: /^undici$/ }, ({ resolveDir }) => ({
      path: 'undici',
      namespace: 'small',
      pluginData: resolveDir,
    }));
    b.onLoad({ filter: /^undici$/, namespace: 'small' }, ({ pluginData: resolveDir }) => ({
      contents: `import Dispatcher from 'undici/lib/dispatcher/dispatcher.js';
        import request from 'undici/lib/api/api-request.js';
        import Client from 'undici/lib/dispatcher/client.js';
        import Pool from 'undici/lib/dispatcher/pool.js';
        Dispatcher.prototype.request = request;
        export { Client, Pool };`,
      resolveDir,
    }));
  },
};

// The library takes every language along, and English is the one that is used.
const onlyEnglish = {
  name: 'only-english',
  setup: (b: import('esbuild').PluginBuild) => {
    b.onLoad({ filter: /zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js'",
    }));
  },
};

const patching = {
  name: 'patching',
  setup: (b: import('esbuild').PluginBuild) => {
    for (const patch of patches) {
      b.onLoad({ filter: patch.file }, ({ path }) => ({ contents: patched(patch, path) }));
    }
  },
};

const [major, minor] = /(\d+)\.(\d+)/.exec(engines.node)?.slice(1).map(Number) ?? [];

// Before anything else: an older Node would fail somewhere deep inside, with a stack trace instead of a reason.
const guard = `{const [a,b]=process.versions.node.split('.').map(Number);if(a<${major}||(a===${major}&&b<${minor})){process.stderr.write('midwatch needs Node ${major}.${minor} or newer; this is '+process.version+'\\n');process.exit(1)}}`;

if (!process.argv.includes('--if-stale') || stale()) {
  const { metafile } = await build({
    entryPoints: [join(root, 'src/main.tsx')],
    outfile: out,
    bundle: true,
    minify: !process.argv.includes('--readable'),
    platform: 'node',
    format: 'esm',
    target: 'node22',
    jsx: 'automatic',
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
    define: {
      'process.env.NODE_ENV': '"production"',
      'process.env.DEV': '"false"',
      MIDWATCH_VERSION: JSON.stringify(version),
    },
    banner: {
      js: `#!/usr/bin/env node\nimport{createRequire as midwatchRequire}from'node:module';${guard}const require=midwatchRequire(import.meta.url);`,
    },
    plugins: [withoutDevtools, smallUndici, onlyEnglish, patching],
  });
  if (process.argv.includes('--meta'))
    writeFileSync(join(dist, 'meta.json'), JSON.stringify(metafile));
  chmodSync(out, 0o755);
  process.stdout.write(`${out}  ${Math.round(statSync(out).size / 1024)} KiB\n`);
}
