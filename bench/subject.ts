import { execFileSync } from 'node:child_process';
import { accessSync, constants, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Terminal } from '../test/support/terminal.ts';

/** A program under measurement. */
export interface Subject {
  readonly name: 'midwatch' | 'k9s';
  readonly version: string;
  /** `args`: of midwatch alone, instead of those that lead to all pods. */
  open(kubeconfig: string, args?: readonly string[]): Terminal;
}

const size = { columns: 200, rows: 50 };
const root = join(import.meta.dirname, '..');
const bundle = join(root, 'dist/midwatch.mjs');

const onPath = (name: string): string | null => {
  for (const dir of (process.env.PATH ?? '').split(delimiter)) {
    try {
      accessSync(join(dir, name), constants.X_OK);
      return join(dir, name);
    } catch {
      // Not in this one.
    }
  }
  return null;
};

const midwatch = (): Subject => ({
  name: 'midwatch',
  version: `${execFileSync(process.execPath, [bundle, '--version'], { encoding: 'utf8' }).trim()} at ${commit()}`,
  open: (kubeconfig, args = ['-A', '-c', 'pods']) =>
    new Terminal(process.execPath, [bundle, ...args], {
      ...size,
      env: { KUBECONFIG: kubeconfig },
    }),
});

const commit = (): string =>
  execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();

/** With its defaults, but for looking up a newer release on the internet, and in a directory of its own. */
const k9s = (file: string, scratch: string): Subject => {
  const home = join(scratch, 'k9s');
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'config.yaml'), 'k9s:\n  skipLatestRevCheck: true\n');
  const version = execFileSync(file, ['version', '--short'], { encoding: 'utf8' });
  return {
    name: 'k9s',
    version: /Version\s+(\S+)/.exec(version)?.[1] ?? 'unknown',
    open: (kubeconfig) =>
      new Terminal(file, ['-A', '-c', 'pods'], {
        ...size,
        env: {
          KUBECONFIG: kubeconfig,
          HOME: home,
          K9S_CONFIG_DIR: home,
          K9S_LOGS_DIR: home,
          XDG_STATE_HOME: home,
        },
      }),
  };
};

/** midwatch, and k9s where one is on PATH. */
export const subjects = (scratch: string): readonly Subject[] => {
  execFileSync(process.execPath, [join(root, 'scripts/build.ts'), '--if-stale']);
  const other = onPath('k9s');
  return [midwatch(), ...(other === null ? [] : [k9s(other, scratch)])];
};
