import { dirname } from 'node:path';
import type { Command } from 'commander';
import type { LoadedConfig } from './config.ts';
import type { Io } from './io.ts';

interface Deps {
  readonly io: Io;
  readonly exit: (code: number) => void;
  /** Null when the configuration cannot be read, which is told already. */
  readonly configured: () => LoadedConfig | null;
  readonly version: string;
  readonly positive: (text: string) => number;
  readonly collect: (value: string, all?: readonly string[]) => readonly string[];
}

/** `midwatch runbook …`; what each needs is loaded only when it is asked for. */
export const runbookCommands = (
  program: Command,
  { io, exit, configured, version, positive, collect }: Deps,
): void => {
  const runbook = program.command('runbook').description('runbooks: check, list and read them');
  const settingsOf = async ({ config, path }: LoadedConfig) => {
    const { runbookSettings } = await import('./runbook-config.ts');
    return runbookSettings(config.runbooks, dirname(path), io.env.HOME || undefined);
  };

  runbook
    .command('lint')
    .argument('[path...]', 'files and folders; else those of the configuration, else the bundled')
    .description('check runbooks, and rules that lead to them; exit 1 when there are errors')
    .option('--rules <file>', 'alert rules too; may be given several times', collect)
    .option('--prometheus <url>', 'alert rules of this Prometheus too')
    .option('--json', 'for programs')
    .option('--sarif', 'for code hosts')
    .action(async (paths: readonly string[], flags) => {
      const loaded = configured();
      if (loaded === null) return;
      const { lintRunbooks } = await import('./runbook-lint.ts');
      const settings = await settingsOf(loaded);
      const { config } = loaded;
      const cwd = process.cwd();
      exit(await lintRunbooks({ paths, flags, settings, config, io, version, cwd }));
    });

  runbook
    .command('list')
    .description('every runbook that an alert may lead to, with its commit')
    .option('--json', 'for programs')
    .action(async (flags: { json?: boolean }) => {
      const loaded = configured();
      if (loaded === null) return;
      const { listRunbooks } = await import('./runbook-list.ts');
      const settings = await settingsOf(loaded);
      exit(await listRunbooks({ settings, io, json: flags.json === true }));
    });

  runbook
    .command('show')
    .argument('<name>', 'an alert, the name of a runbook, a file, or an address')
    .description('a runbook as text, and why it is this one')
    .option('--json', 'for programs: steps, plans, parameters')
    .action(async (name: string, flags: { json?: boolean }) => {
      const loaded = configured();
      if (loaded === null) return;
      const { showRunbook } = await import('./runbook-show.ts');
      exit(await showRunbook({ name, ...flags, settings: await settingsOf(loaded), io, version }));
    });

  runbook
    .command('render')
    .argument('<name>', 'an alert, the name of a runbook, a file, or an address')
    .description('its flowchart and its steps')
    .option('--width <columns>', 'columns there are; default 80', positive)
    .option('--ascii', 'only ASCII signs')
    .action(async (name: string, flags: { width?: number; ascii?: boolean }) => {
      const loaded = configured();
      if (loaded === null) return;
      const { renderRunbook } = await import('./runbook-show.ts');
      exit(
        await renderRunbook({ name, ...flags, settings: await settingsOf(loaded), io, version }),
      );
    });
};
