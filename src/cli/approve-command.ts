import type { Command } from 'commander';
import { failureText } from '../kernel/failure.ts';
import type { ClusterFlags, Io } from './io.ts';

export interface ApproveFlags extends ClusterFlags {
  readonly name?: string;
  readonly key?: string;
  readonly newKey?: boolean;
  readonly yes?: boolean;
}

interface Deps {
  readonly io: Io;
  readonly exit: (code: number) => void;
  readonly withCluster: (command: Command) => Command;
  /** Options of a command, and those that were given before its name. */
  readonly withEarlier: <Flags extends object>(own: Flags) => Flags;
}

/** `midwatch approve`: what it needs is loaded only when it is asked for. */
export const approveCommand = (
  program: Command,
  { io, exit, withCluster, withEarlier }: Deps,
): void => {
  withCluster(program.command('approve'))
    .argument('[digest]', 'of the plan, as the other person reads it out')
    .description('agree to what another person is about to do: makes a code for them to paste')
    .option('--name <name>', 'your name among the approvers of the policy; else your user name')
    .option('--key <file>', 'your key; else $XDG_CONFIG_HOME/midwatch/approver.pem')
    .option('--new-key', 'make a key, and print what belongs into the policy')
    .option('--yes', 'agree without being asked')
    .addHelpText(
      'after',
      `
Both need a context of the same cluster, whatever each of them calls it: it is known by the uid of the namespace
kube-system, which both have to be allowed to get. Where one may not, that is said, and both need the same server
and certificate-authority in their kubeconfigs.`,
    )
    .action(async (digest: string | undefined, own: ApproveFlags) => {
      const { untilSignal } = await import('./until-signal.ts');
      const { runApprove } = await import('./approve.ts');
      const done = await runApprove({ digest, flags: withEarlier(own), io }, untilSignal());
      if (done.ok) return exit(0);
      io.err(`midwatch: ${failureText(done.failure)}\n${done.failure.hint ?? ''}\n`);
      exit(done.failure.kind === 'misconfigured' ? 64 : 2);
    });
};
