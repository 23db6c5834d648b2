import { type Command, Option } from 'commander';
import { systemClock } from '../adapters/clock.ts';
import { epochMs, type Milliseconds } from '../kernel/units.ts';
import type { AuditWish } from './audit-entries.ts';
import type { AuditFormat } from './audit-export.ts';
import type { LoadedConfig } from './config.ts';
import type { Io } from './io.ts';

interface Deps {
  readonly io: Io;
  readonly exit: (code: number) => void;
  /** Null when the configuration cannot be read, which is told already. */
  readonly configured: () => LoadedConfig | null;
  readonly duration: (text: string) => Milliseconds;
}

interface WishFlags {
  readonly since?: Milliseconds;
  readonly action?: string;
  readonly json?: boolean;
}

const wishOf = ({ since, action }: WishFlags): AuditWish => ({
  from: since === undefined ? null : epochMs(systemClock.now() - since),
  action: action ?? null,
});

/** `midwatch audit …`; what each needs is loaded only when it is asked for. */
export const auditCommands = (program: Command, { io, exit, configured, duration }: Deps): void => {
  const audit = program
    .command('audit')
    .description('what was wanted, judged and done, and by whom');
  const pathsNow = async () => {
    const loaded = configured();
    if (loaded === null) return null;
    const { auditPaths } = await import('./local-audit.ts');
    return auditPaths(io.env, loaded.config);
  };
  const withWish = (command: Command): Command =>
    command
      .option('--since <time>', 'only what something happened to in this time, e.g. 1h', duration)
      .option('--action <id>', 'only such actions, with * as wildcard: scale, "etcd-*"');

  withWish(audit.command('show'))
    .description('who did what, when, what the guards said, and what came of it')
    .option('--json', 'for programs')
    .action(async (flags: WishFlags) => {
      const paths = await pathsNow();
      if (paths === null) return;
      const { showAudit } = await import('./audit-show.ts');
      const json = flags.json === true;
      exit(await showAudit({ path: paths.path, wish: wishOf(flags), json, io }));
    });

  audit
    .command('verify')
    .argument('[file]', 'an audit, or a copy of one; else that of this machine')
    .description('is it what was written: exit 0 sound, 1 not, 2 it cannot be read')
    .option('--anchor <file>', 'seals of it; else those of this machine')
    .option('--json', 'for programs')
    .action(async (file: string | undefined, flags: { anchor?: string; json?: boolean }) => {
      const paths = await pathsNow();
      if (paths === null) return;
      const { verifyAuditFile } = await import('./audit-verify.ts');
      const json = flags.json === true;
      const { anchor = null } = flags;
      exit(await verifyAuditFile({ file: file ?? null, anchor, paths, json, io }));
    });

  withWish(audit.command('export'))
    .description('all that was written of it, for other programs or for a report')
    .addOption(
      new Option('--format <format>', 'as what')
        .choices(['jsonl', 'csv', 'markdown'])
        .default('jsonl'),
    )
    .action(async (flags: WishFlags & { format: AuditFormat }) => {
      const paths = await pathsNow();
      if (paths === null) return;
      const { exportAudit } = await import('./audit-export.ts');
      const { format } = flags;
      exit(await exportAudit({ path: paths.path, wish: wishOf(flags), format, io }));
    });
};
