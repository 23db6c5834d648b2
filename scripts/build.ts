/** Bundles everything into one file that runs with nothing but Node beside it. `--if-stale` builds only when a source is newer. */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const out = join(root, 'dist/midwatch.mjs');
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

const [major, minor] = /(\d+)\.(\d+)/.exec(engines.node)?.slice(1).map(Number) ?? [];

// Before anything else: an older Node would fail somewhere deep inside, with a stack trace instead of a reason.
const guard = `{const [a,b]=process.versions.node.split('.').map(Number);if(a<${major}||(a===${major}&&b<${minor})){process.stderr.write('midwatch needs Node ${major}.${minor} or newer; this is '+process.version+'\\n');process.exit(1)}}`;

if (!process.argv.includes('--if-stale') || stale()) {
  const { metafile } = await build({
    entryPoints: [join(root, 'src/main.tsx')],
    outfile: out,
    bundle: true,
    minify: true,
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
    plugins: [withoutDevtools],
  });
  if (process.argv.includes('--meta'))
    writeFileSync(join(root, 'dist/meta.json'), JSON.stringify(metafile));
  const { chmodSync } = await import('node:fs');
  chmodSync(out, 0o755);
  process.stdout.write(`dist/midwatch.mjs  ${Math.round(statSync(out).size / 1024)} KiB\n`);
}
