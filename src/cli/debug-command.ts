import type { Command } from 'commander';
import { failureText, type Result } from '../kernel/failure.ts';
import type { DebugFlags } from './debug-intent.ts';
import type { ClusterFlags, Io } from './io.ts';
import type { OneShot } from './one-shot.ts';
import type { GuardFlags } from './program.ts';

export type DebugCommandFlags = DebugFlags & ClusterFlags & GuardFlags;

interface LedgerFlags extends ClusterFlags, GuardFlags {
  readonly json?: boolean;
}

interface Deps {
  readonly io: Io;
  readonly exit: (code: number) => void;
  /** Null where it has told already what is wrong with the configuration. */
  readonly open: (
    flags: ClusterFlags & GuardFlags,
    signal: AbortSignal,
  ) => Promise<Result<OneShot> | null>;
  /** Options of a command that meets a cluster, and of what may be changed there. */
  readonly withCluster: (command: Command) => Command;
  /** Options of a command, and those that were given before its name. */
  readonly withEarlier: <Flags extends object>(own: Flags) => Flags;
}

const couldNot = 2;
const usage = 64;

/** `midwatch debug …`; what it needs is loaded only when it is asked for. */
export const debugCommand = (
  program: Command,
  { io, exit, open, withCluster, withEarlier }: Deps,
): void => {
  const during = async (
    flags: ClusterFlags & GuardFlags,
    run: (door: OneShot, signal: AbortSignal) => Promise<number>,
  ): Promise<void> => {
    const { untilSignal } = await import('./until-signal.ts');
    const signal = untilSignal();
    // Whoever is told to end still deletes what they have started: the connections end last.
    const door = await open(flags, new AbortController().signal);
    if (door === null) return exit(usage);
    if (!door.ok) {
      const { failure } = door;
      io.err(`midwatch: ${failureText(failure)}\n${failure.hint ?? ''}\n`);
      return exit(failure.kind === 'misconfigured' ? usage : couldNot);
    }
    try {
      exit(await run(door.value, signal));
    } finally {
      await door.value.close();
    }
  };

  const debug = withCluster(program.command('debug'))
    .argument('<target>', 'a pod, pod/NAME or node/NAME')
    .description('a shell beside a container, or on a node: see docs/debug.md')
    .option('--target <container>', 'join the processes of this one; none joins no processes')
    .option(
      '--profile <name>',
      'restricted, baseline, general, netadmin or sysadmin; else the least that the namespace admits',
    )
    .option('--image <image>', 'another one of the policy, by its digest')
    .option('--reason <text>', 'why, for those who find it later')
    .option('--no-reuse', 'add another container where one of ours still runs')
    .action(async (target: string, own: DebugCommandFlags) => {
      const flags = withEarlier(own);
      await during(flags, async ({ pipeline, context, namespace, lookAfter }, signal) => {
        const [{ runDebug }, { askLine }, { personTerminal }, { sayLeft }, { systemClock }] =
          await Promise.all([
            import('./debug-run.ts'),
            import('./ask-line.ts'),
            import('./person-terminal.ts'),
            import('./say-left.ts'),
            import('../adapters/clock.ts'),
          ]);
        const now = systemClock.now();
        await sayLeft({ io, context, look: lookAfter, now }, signal);
        return runDebug(
          { target, flags, io, pipeline, namespace, ask: askLine, lend: personTerminal },
          signal,
        );
      });
    });

  withCluster(debug.command('ledger'))
    .description('debug containers and pods that are there, of whom, and why')
    .option('--json', 'for programs; see docs/debug.md')
    .action(async (own: LedgerFlags) => {
      const flags = withEarlier<LedgerFlags>({ ...debug.opts<LedgerFlags>(), ...own });
      await during(flags, async ({ get }, signal) => {
        const [{ tellLedger }, { systemClock }] = await Promise.all([
          import('./debug-ledger.ts'),
          import('../adapters/clock.ts'),
        ]);
        const { namespace = '', json = false } = flags;
        return tellLedger({ io, get, namespace, json, now: systemClock.now() }, signal);
      });
    });
};
