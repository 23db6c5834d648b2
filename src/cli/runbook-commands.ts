import { dirname } from 'node:path';
import type { Command } from 'commander';
import type { LoadedConfig } from './config.ts';
import { givenLabel } from './given-labels.ts';
import type { ClusterFlags, Io } from './io.ts';
import type { RunbookSettings } from './runbook-config.ts';
import type { RunFlags } from './runbook-run.ts';

type MapFlags = ClusterFlags & { readonly cluster?: boolean };

interface Deps {
  readonly io: Io;
  readonly exit: (code: number) => void;
  /** Null when the configuration cannot be read, which is told already. */
  readonly configured: () => LoadedConfig | null;
  readonly version: string;
  readonly positive: (text: string) => number;
  readonly collect: (value: string, all?: readonly string[]) => readonly string[];
  /** Options of a command that meets a cluster. */
  readonly withCluster: (command: Command) => Command;
  /** Options of a command that opens the screen. */
  readonly withScreen: (command: Command) => Command;
  /** Options of a command, and those that were given before its name. */
  readonly withEarlier: <Flags extends object>(own: Flags) => Flags;
}

/** `midwatch runbook …`; what each needs is loaded only when it is asked for. */
export const runbookCommands = (
  program: Command,
  { io, exit, configured, version, positive, collect, ...options }: Deps,
): void => {
  const runbook = program.command('runbook').description('runbooks: check, list and read them');
  const settingsOf = async ({ config, path }: LoadedConfig) => {
    const { runbookSettings } = await import('./runbook-config.ts');
    return runbookSettings(config.runbooks, dirname(path), io.env.HOME || undefined);
  };

  const withMaps = (command: Command): Command =>
    options
      .withCluster(command)
      .option('--cluster', 'read runbooks.configMaps too, from the cluster');
  const booksOf = async (flags: MapFlags, { configMaps = [] }: RunbookSettings) => {
    if (flags.cluster !== true) return null;
    const { clusterConfigMaps } = await import('./cluster-config-maps.ts');
    return await clusterConfigMaps(configMaps, options.withEarlier(flags), io.env, version);
  };

  withMaps(runbook.command('lint'))
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
      const books = await booksOf(flags, settings);
      const { config } = loaded;
      const cwd = process.cwd();
      exit(await lintRunbooks({ paths, flags, settings, books, config, io, version, cwd }));
    });

  withMaps(runbook.command('list'))
    .description('every runbook that an alert may lead to, with its commit')
    .option('--json', 'for programs')
    .action(async (flags: MapFlags & { json?: boolean }) => {
      const loaded = configured();
      if (loaded === null) return;
      const { listRunbooks } = await import('./runbook-list.ts');
      const settings = await settingsOf(loaded);
      const books = await booksOf(flags, settings);
      exit(await listRunbooks({ settings, io, json: flags.json === true, books }));
    });

  withMaps(runbook.command('show'))
    .argument('<name>', 'an alert, the name of a runbook, a file, or an address')
    .description('a runbook as text, and why it is this one')
    .option('--json', 'for programs: steps, plans, parameters')
    .action(async (name: string, flags: MapFlags & { json?: boolean }) => {
      const loaded = configured();
      if (loaded === null) return;
      const { showRunbook } = await import('./runbook-show.ts');
      const settings = await settingsOf(loaded);
      const books = await booksOf(flags, settings);
      exit(await showRunbook({ name, ...flags, settings, io, version, books }));
    });

  withMaps(runbook.command('render'))
    .argument('<name>', 'an alert, the name of a runbook, a file, or an address')
    .description('its flowchart and its steps')
    .option('--width <columns>', 'columns there are; default 80', positive)
    .option('--ascii', 'only ASCII signs')
    .action(async (name: string, flags: MapFlags & { width?: number; ascii?: boolean }) => {
      const loaded = configured();
      if (loaded === null) return;
      const { renderRunbook } = await import('./runbook-show.ts');
      const settings = await settingsOf(loaded);
      const books = await booksOf(flags, settings);
      exit(await renderRunbook({ name, ...flags, settings, io, version, books }));
    });

  options
    .withScreen(runbook.command('run'))
    .argument('<name>', 'an alert, the name of a runbook, or a file')
    .description('walk a runbook on the screen; without a terminal, tell what would run')
    .option('--alert <alert>', 'walk it for this alert: its fingerprint, or its name')
    .option('--label <name=value>', 'a label of the alert; may be given several times', givenLabel)
    .option('--record <file>', 'record the session into this file')
    .action(async (name: string, own: RunFlags) => {
      const loaded = configured();
      if (loaded === null) return;
      const { runRunbook } = await import('./runbook-run.ts');
      const settings = await settingsOf(loaded);
      const flags = options.withEarlier(own);
      exit(await runRunbook({ name, flags, settings, config: loaded.config, io, version }));
    });
};
