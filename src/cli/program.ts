import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { parseDuration } from '../kernel/duration.ts';
import { failureText } from '../kernel/failure.ts';
import { approveCommand } from './approve-command.ts';
import { auditCommands } from './audit-commands.ts';
import { type LoadedConfig, loadConfig } from './config.ts';
import { debugCommand } from './debug-command.ts';
import type { ClusterFlags, Io } from './io.ts';
import type { WebhookFlags } from './local-sources.ts';
import { logsCommand } from './logs-command.ts';
import { policyCommands } from './policy-commands.ts';
import { runbookCommands } from './runbook-commands.ts';
import type { SourceFlags } from './sources.ts';

declare const MIDWATCH_VERSION: string | undefined;
/** Set by the bundler; `dev` when run from source. */
export const version = typeof MIDWATCH_VERSION === 'string' ? MIDWATCH_VERSION : 'dev';

/** Exit codes of every command: 0 well, 1 problems found, 2 could not tell, 64 wrong usage or configuration. */
export const usageError = 64;

const collect = (value: string, all: readonly string[] = []): readonly string[] => [...all, value];

const duration = (text: string) => {
  const parsed = parseDuration(text);
  if (parsed === null) throw new InvalidArgumentError('give a time such as 90s, 10m or 1h.');
  return parsed;
};

const positive = (text: string): number => {
  const n = Number(text);
  if (!(n > 0)) throw new InvalidArgumentError('give a number above 0.');
  return n;
};

const withCluster = (command: Command): Command =>
  command
    .option('--kubeconfig <file>', 'kubeconfig to use instead of KUBECONFIG and ~/.kube/config')
    .option('--context <name>', 'context of the kubeconfig')
    .option('-n, --namespace <name>', 'look at this namespace only')
    .option('--as <user>', 'impersonate a user')
    .option('--as-group <group>', 'impersonate a group; may be given several times', collect)
    .option('--as-uid <uid>', 'impersonate a uid');

const withSources = (command: Command): Command =>
  command
    .option('--etcd-endpoints <urls>', 'client URLs of etcd, comma-separated (ETCDCTL_ENDPOINTS)')
    .option('--etcd-cacert <file>', 'authority that signed them (ETCDCTL_CACERT)')
    .option('--etcd-cert <file>', 'client certificate for etcd (ETCDCTL_CERT)')
    .option('--etcd-key <file>', 'key of it (ETCDCTL_KEY)')
    .option('--alertmanager <url>', 'an Alertmanager; may be given several times', collect)
    .option('--prometheus <url>', 'a Prometheus; may be given several times', collect)
    .option('--no-discover', 'do not look into the cluster for etcd, Alertmanagers and Prometheus');

const withWebhook = (command: Command): Command =>
  command
    .option('--webhook <address>', 'listen for alerts that are pushed: ":9099" is loopback only')
    .option('--webhook-token-file <file>', 'the token that senders of alerts must show');

/** What may be changed; without either, what the policy of the context has. */
export interface GuardFlags {
  readonly readOnly?: boolean;
  readonly guarded?: boolean;
}

export const guardFlag = ({ readOnly, guarded }: GuardFlags): 'read-only' | 'guarded' | null =>
  readOnly === true ? 'read-only' : guarded === true ? 'guarded' : null;

const withGuards = (command: Command): Command =>
  command
    .option('--read-only', 'nothing can be changed unless somebody breaks the glass')
    .option('--guarded', 'changes are possible, each agreed to, where the policy leaves it open');

const withLook = (command: Command): Command =>
  command
    .addOption(
      new Option('--theme <name>', 'colours of the screen').choices([
        'dark',
        'light',
        'contrast',
        'none',
      ]),
    )
    .option('--ascii', 'only ASCII signs on the screen');

/** The command line. `run` of each command is loaded only when it is asked for: start-up is what one waits for. */
export const buildProgram = (io: Io, exit: (code: number) => void): Command => {
  const configured = (): LoadedConfig | null => {
    const loaded = loadConfig(io.env);
    if (loaded.ok) return loaded.value;
    io.err(`midwatch: ${failureText(loaded.failure)}\n${loaded.failure.hint ?? ''}\n`);
    exit(usageError);
    return null;
  };

  const program = new Command('midwatch')
    .description(
      'What is broken, since when, what it is based on: one screen for the engineer on call',
    )
    .version(version, '-V, --version')
    // What stands behind a command is the command's; else the program would take its --kubeconfig away.
    .enablePositionalOptions()
    .helpCommand('help [command]', 'this, or what there is to know about a command')
    .showHelpAfterError('(midwatch --help shows what there is)')
    .configureOutput({ writeOut: (t) => io.out(t), writeErr: (t) => io.err(t) })
    .exitOverride();

  /** Options of a command, and those that were given before its name; its own win. */
  const withEarlier = <Flags extends object>(own: Flags): Flags => ({ ...program.opts(), ...own });

  const withScreen = (command: Command): Command =>
    withWebhook(withSources(withLook(withCluster(command))));

  const live = (command: Command): Command =>
    withGuards(withScreen(command))
      .option('-c, --command <command>', 'begin with this command, as after ":", e.g. pods')
      .option('-A, --all-namespaces', 'begin with all namespaces')
      .option('--record <file>', 'record the session into this file');

  live(program).action(async (flags) => {
    const loaded = configured();
    if (loaded === null) return;
    const { runLive } = await import('./live.ts');
    exit(await runLive({ flags, config: loaded.config, io, version }));
  });

  withLook(program.command('replay'))
    .argument('[file]', 'a recording; without it the bundled incident')
    .description('replay a recording through the same screen, without a cluster')
    .option('--speed <n>', 'how many times faster than it happened', positive, 1)
    .option('--at <when>', 'begin at a time of day (21:43), a timestamp, or a revision (r1200)')
    .option('--pause', 'begin paused')
    .option('--list', 'name the bundled recordings')
    .action(async (file: string | undefined, flags) => {
      const loaded = configured();
      if (loaded === null) return;
      const { runReplay } = await import('./replay.ts');
      exit(await runReplay({ file, flags: withEarlier(flags), config: loaded.config, io }));
    });

  withWebhook(withSources(withCluster(program.command('record'))))
    .argument('<file>', 'where to write; must not exist yet')
    .description('record what is seen, without a screen, until stopped')
    .option('--for <time>', 'stop after this long, e.g. 10m', duration)
    .option('--max-size <MiB>', 'drop the oldest part above this size', positive)
    .option('--title <text>', 'what the recording is about, for those who list it')
    .action(async (file: string, flags) => {
      const loaded = configured();
      if (loaded === null) return;
      const { runRecord } = await import('./record.ts');
      const all = withEarlier(flags);
      exit(await runRecord({ file, flags: all, config: loaded.config, io, version }));
    });

  const recording = program.command('recording').description('look into a recording');
  for (const [name, text] of [
    ['info', 'what it is about, how long, how large'],
    ['verify', 'check every byte; exit 1 when something is damaged'],
    ['export', 'write its entries as JSON, one a line'],
  ] as const) {
    recording
      .command(name)
      .argument('<file>')
      .description(text)
      .option('--json', 'for programs')
      .option('--timeline', 'export: what changed, in words, as Markdown')
      .action(async (file: string, flags: { json?: boolean; timeline?: boolean }) => {
        const commands = await import('./recording.ts');
        const run = {
          info: commands.recordingInfo,
          verify: commands.recordingVerify,
          export: commands.recordingExport,
        }[name];
        exit(await run({ file, json: flags.json === true, timeline: flags.timeline === true }, io));
      });
  }

  withSources(withCluster(program.command('check')))
    .description('one look: exit 0 healthy, 1 problems, 2 could not tell')
    .option('--json', 'for programs; see docs/check.md')
    .option('--timeout <time>', 'how long to wait for evidence', duration)
    .action(async (flags) => {
      const loaded = configured();
      if (loaded === null) return;
      const { runCheckCommand } = await import('./check-command.ts');
      const all = withEarlier(flags);
      exit(await runCheckCommand({ flags: all, config: loaded.config, io, version }));
    });

  withSources(withCluster(program.command('doctor')))
    .description('is everything in place: kubeconfig, API server, permissions, clock, terminal')
    .option('--json', 'for programs')
    .action(async (flags) => {
      const { runDoctorCommand } = await import('./doctor-command.ts');
      // A configuration that cannot be read is one of the things that the doctor tells.
      const loaded = loadConfig(io.env);
      const config = loaded.ok ? loaded.value.config : {};
      exit(await runDoctorCommand({ flags: withEarlier(flags), config, io, version }));
    });

  runbookCommands(program, {
    io,
    exit,
    configured,
    version,
    positive,
    collect,
    withCluster,
    withScreen,
    withEarlier,
  });

  policyCommands(program, {
    io,
    exit,
    configured,
    version,
    collect,
    withCluster,
    withEarlier,
  });

  const withDoor = (command: Command): Command => withGuards(withCluster(command));
  const openDoor = async (flags: ClusterFlags & GuardFlags, signal: AbortSignal) => {
    const loaded = configured();
    if (loaded === null) return null;
    const { openOneShot } = await import('./one-shot.ts');
    return await openOneShot({ flags, config: loaded.config, io, version }, signal);
  };
  const doors = { io, exit, withCluster: withDoor, withEarlier, open: openDoor };
  logsCommand(program, doors);
  debugCommand(program, doors);
  approveCommand(program, { io, exit, withCluster, withEarlier });

  auditCommands(program, { io, exit, configured, duration });

  program
    .command('completion')
    .addArgument(new Argument('<shell>', 'which one').choices(['bash', 'zsh', 'fish']))
    .description('a completion script for the shell')
    .action(async (shell: string) => {
      const { completionScript } = await import('./completion.ts');
      io.out(completionScript(shell, program) ?? '');
    });

  return program;
};

export type LiveFlags = ClusterFlags &
  GuardFlags &
  SourceFlags &
  WebhookFlags & {
    readonly command?: string;
    readonly allNamespaces?: boolean;
    readonly record?: string;
    readonly theme?: string;
    readonly ascii?: boolean;
  };

/** Parses and runs; resolves with the exit code. */
export const runProgram = async (argv: readonly string[], io: Io): Promise<number> => {
  let code = 0;
  const program = buildProgram(io, (c) => {
    code = c;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (cause) {
    // Help and version end this way too, with 0.
    if (cause instanceof CommanderError) return cause.exitCode === 0 ? 0 : usageError;
    throw cause;
  }
};
