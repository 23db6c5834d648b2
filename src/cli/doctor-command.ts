import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { known } from '../actions/guard.ts';
import { policyFor } from '../actions/policy-settings.ts';
import { systemClock, systemRandom } from '../adapters/clock.ts';
import { accessReviews } from '../adapters/kubernetes/access.ts';
import { type OpenedIngest, openIngest } from '../adapters/kubernetes/ingest-open.ts';
import { loadKubeconfig } from '../adapters/kubernetes/kubeconfig-load.ts';
import type { UndiciClient } from '../adapters/kubernetes/undici-client.ts';
import { failed, failure, failureText, ok, type Result } from '../kernel/failure.ts';
import type { NamedSources } from '../kernel/source-target.ts';
import { epochMs, seconds, since } from '../kernel/units.ts';
import { kindByResource } from '../probes/index.ts';
import { connectionFlags } from './cluster-session.ts';
import { type Config, isProduction, loadConfig } from './config.ts';
import { type DoctorCluster, doctorJson, doctorText, runDoctor } from './doctor.ts';
import { auditSeen } from './doctor-audit.ts';
import type { Identity, Target, TimedAnswer } from './doctor-cluster.ts';
import type { DoorSeen } from './doctor-door.ts';
import { heardWithin } from './doctor-listen.ts';
import type { ClusterFlags, Io } from './io.ts';
import { auditPaths } from './local-audit.ts';
import { policySettings } from './policy-from-config.ts';
import { usageError } from './program.ts';
import { namedSources, type SourceFlags } from './sources.ts';
import { statePath } from './state-path.ts';

export interface DoctorCommand {
  readonly flags: ClusterFlags & SourceFlags & { readonly json?: boolean };
  readonly config: Config;
  readonly io: Io;
  readonly version: string;
}

/** No single question may take longer than this. */
const patience = seconds(5);
/** Members and sources are asked at once, and the slowest is given up after 2 s. */
const sourcePatience = seconds(3);

/** Is everything in place? Reads, asks, and changes nothing but a file that it removes again. */
export const runDoctorCommand = async (options: DoctorCommand): Promise<number> => {
  const { flags, config, io, version } = options;
  const named = namedSources(flags, io.env, config);
  if (!named.ok) {
    io.err(`midwatch: ${failureText(named.failure)}\n${named.failure.hint ?? ''}\n`);
    return usageError;
  }
  const ended = new AbortController();
  const connection = connectionFlags(flags);
  try {
    const report = await runDoctor(
      {
        terminal: {
          node: process.versions.node,
          env: io.env,
          stdin: process.stdin.isTTY === true,
          stdout: process.stdout.isTTY === true,
          columns: process.stdout.columns ?? 0,
          rows: process.stdout.rows ?? 0,
        },
        resolve: async (): Promise<Result<Target>> => {
          const resolved = await loadKubeconfig(connection, io.env);
          return resolved.ok
            ? ok({ info: resolved.value.info, decisions: resolved.value.decisions })
            : resolved;
        },
        open: async (): Promise<Result<DoctorCluster>> => {
          const cluster = await openIngest(
            {
              flags: connection,
              env: io.env,
              clock: systemClock,
              random: systemRandom,
              kinds: kindByResource,
              version,
            },
            ended.signal,
          );
          return cluster.ok ? ok(doctorCluster(cluster.value, named.value, version)) : cluster;
        },
        config: () => {
          const loaded = loadConfig(io.env);
          return loaded.ok ? ok({ path: loaded.value.path, found: loaded.value.found }) : loaded;
        },
        stateDir: () => writable(statePath(io.env)),
        door: (context) => doorSeen(context, config, io.env),
      },
      ended.signal,
    );
    io.out(flags.json === true ? doctorJson(report) : doctorText(report));
    return report.code;
  } finally {
    ended.abort();
  }
};

/** As a session has it for what is of the cluster itself, e.g. nodes; namespaces may have rules of their own. */
const doorSeen = async (context: string, config: Config, env: Io['env']): Promise<DoorSeen> => {
  const production = isProduction(config)(context);
  const place = { context, production, namespace: '', labels: known({}) };
  const { mode, name } = policyFor(policySettings(config.policy), place);
  return { mode, policy: name, audit: await auditSeen(auditPaths(env, config)) };
};

const doctorCluster = (
  opened: OpenedIngest,
  named: NamedSources,
  version: string,
): DoctorCluster => {
  const { client } = opened;
  const may = accessReviews(systemClock);
  const bounded = (signal: AbortSignal) => AbortSignal.any([signal, AbortSignal.timeout(patience)]);
  return {
    get: (path, signal) => timed(client, path, bounded(signal)),
    may: (access, signal) => may(client, access, bounded(signal)),
    whoAmI: (signal) => whoAmI(client, bounded(signal)),
    sources: (signal) => heardWithin(sourcePatience, opened, named, version, signal),
  };
};

const timed = async (
  client: UndiciClient,
  path: string,
  signal: AbortSignal,
): Promise<Result<TimedAnswer>> => {
  const sent = systemClock.now();
  const answer = await client.request(
    { method: 'GET', path, accept: 'application/json, text/plain' },
    signal,
  );
  if (!answer.ok) return answer;
  const took = since(sent, systemClock.now());
  const date = Date.parse(answer.value.headers.date ?? '');
  return ok({
    status: answer.value.status,
    body: await answer.value.text(),
    sent,
    took,
    serverTime: Number.isNaN(date) ? null : epochMs(date),
  });
};

const whoAmI = async (client: UndiciClient, signal: AbortSignal): Promise<Result<Identity>> => {
  const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
  const body = JSON.stringify({
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'SelfSubjectReview',
  });
  const answer = await client.request(
    { method: 'POST', path, accept: 'application/json', body },
    signal,
  );
  if (!answer.ok) return answer;
  const text = await answer.value.text();
  try {
    const { status } = JSON.parse(text) as {
      status?: { userInfo?: { username?: string; groups?: string[] } };
    };
    const user = status?.userInfo;
    if (typeof user?.username === 'string')
      return ok({ name: user.username, groups: user.groups ?? [] });
  } catch {
    // Told below: whatever came is not the answer to the question.
  }
  return failed(
    failure('undecodable', 'ask who I am', `the server answered ${answer.value.status}`, {
      on: path,
    }),
  );
};

const writable = async (dir: string): Promise<Result<string>> => {
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    const file = join(dir, `.doctor-${process.pid}`);
    await writeFile(file, '');
    await rm(file);
    return ok(dir);
  } catch (cause) {
    return failed(
      failure('misconfigured', 'write state', (cause as Error).message, {
        on: dir,
        hint: 'make it writable, or set XDG_STATE_HOME',
      }),
    );
  }
};
