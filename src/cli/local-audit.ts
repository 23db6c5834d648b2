import { homedir, hostname } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { type Audit, openAudit } from '../adapters/audit/audit-file.ts';
import type { Clock } from '../kernel/clock.ts';
import { type Failure, failureText } from '../kernel/failure.ts';
import type { Config } from './config.ts';
import type { Io } from './io.ts';
import { person } from './local-sources.ts';
import { statePath } from './state-path.ts';

export interface AuditPaths {
  /** Of all contexts: what was done is found in one place. */
  readonly path: string;
  /** Elsewhere, so that who rewrites one has to rewrite the other too. */
  readonly seals: string;
}

const dataPath = (env: Io['env']): string =>
  join(env.XDG_DATA_HOME || join(env.HOME || homedir(), '.local', 'share'), 'midwatch');

/** Where the audit is. A relative path of the configuration is one of the home directory. */
export const auditPaths = (env: Io['env'], config: Pick<Config, 'audit'>): AuditPaths => {
  const home = env.HOME || homedir();
  const from = (path: string): string =>
    isAbsolute(path) ? path : join(home, path.replace(/^~\//, ''));
  return {
    path:
      config.audit?.path === undefined
        ? join(statePath(env), 'audit.jsonl')
        : from(config.audit.path),
    seals:
      config.audit?.seals === undefined
        ? join(dataPath(env), 'audit-seals.jsonl')
        : from(config.audit.seals),
  };
};

/** @param unsealed Is told each time that records are written and cannot be sealed. */
export const auditOf = (
  env: Io['env'],
  config: Pick<Config, 'audit'>,
  clock: Clock,
  unsealed?: (failure: Failure) => void,
): Audit => {
  const { path, seals } = auditPaths(env, config);
  return openAudit({
    path,
    anchors: seals,
    clock,
    ...(unsealed === undefined ? {} : { unsealed }),
  });
};

/** What to say of it. */
export const unsealedText = (failure: Failure): string =>
  `the audit is written, but not sealed: ${failureText(failure)}; a tail that is rewritten now would not be found`;

/** Who is at the keyboard, for every fact: the person and the machine. */
export const actorText = (env: Io['env']): string => `${person(env)} on ${hostname()}`;

/** How they came to it: the other end of an SSH connection, a pane of tmux; '' where neither is known. */
export const throughText = (env: Io['env']): string => {
  const [from = '', port = ''] = (env.SSH_CONNECTION ?? '').split(' ');
  return [
    ...(from === '' ? [] : [`ssh from ${from} port ${port}`]),
    ...(env.TMUX === undefined ? [] : [`tmux ${env.TMUX_PANE ?? ''}`.trim()]),
  ].join(', ');
};
