import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { type Acknowledgements, openAcknowledgements } from '../adapters/acknowledgements.ts';
import type { Audit } from '../adapters/audit/audit-file.ts';
import { systemClock } from '../adapters/clock.ts';
import { openRuns, type Runs } from '../adapters/runs.ts';
import { mergeSources } from '../adapters/sources/merge-sources.ts';
import { webhookSource } from '../adapters/webhook/webhook.ts';
import type { AlertData } from '../kernel/alert-fact.ts';
import { failed, failure, ok, type Result } from '../kernel/failure.ts';
import type { SourcePort } from '../kernel/ports.ts';
import type { EpochMs } from '../kernel/units.ts';
import { actsOf } from './acts-of.ts';
import type { LocalSources } from './cluster-session.ts';
import type { Config } from './config.ts';
import type { Io } from './io.ts';
import { statePath } from './state-path.ts';
import { webhookAddress } from './webhook-address.ts';

export interface WebhookFlags {
  readonly webhook?: string;
  readonly webhookTokenFile?: string;
}

/** Who acknowledges, as far as this machine knows: behind sudo the person, not root. */
export const person = (env: Io['env']): string => env.SUDO_USER || userInfo().username;

/** A context may be called anything, also `arn:aws:eks:…/prod`; a file may not. */
export const acknowledgementsPath = (env: Io['env'], context: string): string =>
  join(statePath(env), 'acknowledgements', `${encodeURIComponent(context)}.jsonl`);

export const acknowledgementsOf = (env: Io['env'], context: string): Acknowledgements =>
  openAcknowledgements({ path: acknowledgementsPath(env, context), clock: systemClock });

/** Runs of one context; the texts of their runbooks are kept once for all contexts. */
export const runsOf = (env: Io['env'], context: string): Runs =>
  openRuns({
    path: join(statePath(env), 'runs', `${encodeURIComponent(context)}.jsonl`),
    texts: join(statePath(env), 'runs', 'texts'),
    clock: systemClock,
  });

/** Runs of whoever looks at a recording, apart from those of the cluster that it is of. */
export const ownRunsOf = (env: Io['env'], context: string, startAt: EpochMs): Runs =>
  openRuns({
    path: join(
      statePath(env),
      'runs',
      'recordings',
      `${encodeURIComponent(context)}-${startAt}.jsonl`,
    ),
    texts: join(statePath(env), 'runs', 'texts'),
    clock: systemClock,
  });

const tokenOf = (path: string): Result<string> => {
  try {
    const token = readFileSync(path, 'utf8').trim();
    if (token !== '') return ok(token);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    return failed(
      failure('misconfigured', 'listen for alerts', `the token file cannot be read (${code})`, {
        on: path,
        hint: 'make it readable for this user',
      }),
    );
  }
  return failed(
    failure('misconfigured', 'listen for alerts', 'the token file is empty', {
      on: path,
      hint: 'put a long random token into it, and the same into the sender',
    }),
  );
};

/** The receiver of pushed alerts, as flags and configuration ask for it; null when they do not. */
const webhookOf = (
  flags: WebhookFlags,
  config: Pick<Config, 'webhook'>,
): Result<SourcePort<AlertData> | null> => {
  const listen = flags.webhook ?? config.webhook?.listen;
  if (listen === undefined) return ok(null);
  const address = webhookAddress(listen);
  if (!address.ok) return address;
  const file = flags.webhookTokenFile ?? config.webhook?.tokenFile;
  if (file === undefined && !address.value.loopback) {
    return failed(
      failure('misconfigured', 'listen for alerts', `${listen} is open to others without a token`, {
        hint: 'set --webhook-token-file, or listen on loopback with :PORT',
      }),
    );
  }
  const token = file === undefined ? ok(null) : tokenOf(file);
  if (!token.ok) return token;
  const { host, port } = address.value;
  return ok(webhookSource({ host, port, token: token.value, clock: systemClock }));
};

/** What is told on this machine: acknowledgements, runs of runbooks, and alerts that are pushed to us. */
export const localSources = (
  flags: WebhookFlags,
  config: Pick<Config, 'webhook'>,
  env: Io['env'],
  audit?: Pick<Audit, 'port'>,
): Result<LocalSources> => {
  const webhook = webhookOf(flags, config);
  if (!webhook.ok) return webhook;
  const pushed = webhook.value;
  return ok((context, remote) => ({
    acknowledgements: acknowledgementsOf(env, context),
    runs: runsOf(env, context),
    ...(audit === undefined ? {} : { acts: actsOf(audit.port, context) }),
    ...(pushed === null ? {} : { alerts: mergeSources(remote.alerts, pushed) }),
  }));
};
