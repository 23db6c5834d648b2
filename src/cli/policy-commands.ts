import type { Command } from 'commander';
import type { LoadedConfig } from './config.ts';
import type { Io } from './io.ts';
import type { ExplainFlags } from './policy-explain.ts';

interface Deps {
  readonly io: Io;
  readonly exit: (code: number) => void;
  /** Null when the configuration cannot be read, which is told already. */
  readonly configured: () => LoadedConfig | null;
  readonly version: string;
  readonly collect: (value: string, all?: readonly string[]) => readonly string[];
  readonly withCluster: (command: Command) => Command;
  readonly withEarlier: <Flags extends object>(own: Flags) => Flags;
}

/** `midwatch policy …`; what each needs is loaded only when it is asked for. */
export const policyCommands = (
  program: Command,
  { io, exit, configured, version, collect, withCluster, withEarlier }: Deps,
): void => {
  const policy = program.command('policy').description('what may be done where, and when');

  policy
    .command('check')
    .argument('[file]', 'a configuration; else your own')
    .description('check the policy; exit 1 when it can hardly be meant, 64 when it cannot be read')
    .option('--json', 'for programs')
    .action(async (file: string | undefined, flags: { readonly json?: boolean }) => {
      const { checkPolicy } = await import('./policy-check.ts');
      exit(checkPolicy(file, flags.json === true, io));
    });

  withCluster(policy.command('explain'))
    .argument('<action>', 'what would be done: scale, logs, etcd-defrag')
    .argument('<target>', 'to what: deploy/cart, node/worker-1, etcd/main, alerts')
    .description("every guard's word; exit 0 when it would be done, 1 when it would be denied")
    .option(
      '--arg <name=value>',
      'of the action, as replicas=3; may be given several times',
      collect,
    )
    .option('--at <when>', 'at a timestamp, e.g. 2026-12-24T10:00:00Z: windows are those of then')
    .option('--offline', 'ask no cluster: what the policy alone says')
    .option('--labels <k=v,...>', 'offline: labels of the namespace, which classes may ask for')
    .option('--read-only', 'as in a session that was started so')
    .option('--guarded', 'as in a session that was started so')
    .option('--json', 'for programs')
    .action(async (action: string, target: string, own: ExplainFlags) => {
      const loaded = configured();
      if (loaded === null) return;
      const { explainPolicy } = await import('./policy-explain.ts');
      const flags = withEarlier(own);
      exit(await explainPolicy({ action, target, flags, config: loaded.config, io, version }));
    });
};
