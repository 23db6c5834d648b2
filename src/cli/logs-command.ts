import type { Command } from 'commander';
import type { Pipeline } from '../actions/pipeline.ts';
import { failureText, type Result } from '../kernel/failure.ts';
import type { ClusterFlags, Io } from './io.ts';
import type { LogsFlags } from './logs-intent.ts';

/** What reads logs of one cluster: the way through the guards, and what is of the context. */
export interface LogsDoor {
  readonly pipeline: Pipeline;
  /** Of the context. */
  readonly namespace: string;
  close(): Promise<void>;
}

export type LogsCommandFlags = LogsFlags & ClusterFlags;

interface Deps {
  readonly io: Io;
  readonly exit: (code: number) => void;
  readonly open: (flags: LogsCommandFlags, signal: AbortSignal) => Promise<Result<LogsDoor> | null>;
  /** Options of a command that meets a cluster. */
  readonly withCluster: (command: Command) => Command;
  /** Options of a command, and those that were given before its name. */
  readonly withEarlier: <Flags extends object>(own: Flags) => Flags;
}

const couldNot = 2;
const usage = 64;

/**
 * `midwatch logs`; what it needs is loaded only when it is asked for. `open` gives null where it has told already what
 * is wrong with the configuration.
 */
export const logsCommand = (
  program: Command,
  { io, exit, open, withCluster, withEarlier }: Deps,
): void => {
  withCluster(program.command('logs'))
    .argument('[target]', 'a pod or a pattern for several; deploy/x, sts/x, ds/x, job/x, svc/x')
    .description('logs of pods, within what the policy allows: see docs/logs.md')
    .option('-l, --selector <labels>', 'pods with these labels, instead of a target')
    .option('--since <time>', 'how far back, e.g. 10m; else what the policy has')
    .option('--since-time <when>', 'from when on: a timestamp, or a time of day in UTC')
    .option('--newest <n>', 'the newest lines whenever they were, where the policy has it')
    .option('--tail <n>', 'at most so many lines of each container, the newest')
    .option('--grep <regex>', 'only lines that fit')
    .option('--exclude <regex>', 'no lines that fit')
    .option('--container <regex>', 'only these containers; else all of them')
    .option('--previous', 'what was said before the last restart')
    .option('-f, --follow', 'wait for new lines')
    .option('--for <time>', 'follow for this long; else as long as the policy has')
    .option('--timestamps', 'the time of each line, by the clock of its node')
    .option('--limit-bytes <n>', 'at most so many bytes of each container')
    .option('--streams <n>', 'at most so many containers at once')
    .option('--loki [source]', 'ask a Loki of the configuration instead of the nodes')
    .option('-A, --all-namespaces', 'refused, with the reason')
    .option('--json', 'for programs, one object a line')
    .option('--reason <text>', 'why more is asked for than the policy has')
    .option('--yes', 'agree where the policy asks')
    .action(async (target: string | undefined, own: LogsCommandFlags) => {
      const flags = withEarlier(own);
      const { untilSignal } = await import('./until-signal.ts');
      const left = new AbortController();
      // Whoever reads the output may leave first: `| head` is no failure.
      process.stdout.on('error', () => left.abort());
      const signal = AbortSignal.any([untilSignal(), left.signal]);
      const door = await open(flags, signal);
      if (door === null) return exit(usage);
      if (!door.ok) {
        const { failure } = door;
        io.err(`midwatch: ${failureText(failure)}\n${failure.hint ?? ''}\n`);
        return exit(failure.kind === 'misconfigured' ? usage : couldNot);
      }
      const { runLogs } = await import('./logs-run.ts');
      const { pipeline, namespace, close } = door.value;
      try {
        exit(await runLogs({ target, flags, io, pipeline, namespace }, signal));
      } finally {
        await close();
      }
    });
};
