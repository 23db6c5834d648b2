import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Clock } from '../../kernel/clock.ts';
import { type Failure, failed, ok, type Result } from '../../kernel/failure.ts';
import { type EpochMs, seconds, since } from '../../kernel/units.ts';
import type { Credential, Secret } from './credential.ts';
import {
  complaint,
  type ExecCluster,
  execInfo,
  type PluginSecret,
  parseExecCredential,
  pluginFailure,
} from './exec-credential.ts';
import type { Env } from './proxy.ts';
import type { ExecSettings } from './resolved.ts';

export interface ExecPluginOptions {
  readonly exec: ExecSettings;
  /** Asked for each run, because the CA may be in a file that changes. */
  readonly cluster: () => Promise<Result<ExecCluster>>;
  readonly env: Env;
  readonly clock: Clock;
  /** When it aborts, a running plugin is ended. */
  readonly lifetime: AbortSignal;
}

/** Cloud plugins need a second or two, more when they renew a session; after this they hang. */
const runsAtMost = seconds(30);
/** A plugin that has just failed is not asked again for this long, however many watches want to start. */
const failureHolds = seconds(5);
/** A credential that replaced a refused one is kept for this long even when it is refused as well. */
const refusalHolds = seconds(30);
/** A credential is renewed this long before it expires, but never in the first nine tenths of its life. */
const skew = seconds(30);
const mostOutput = 1024 * 1024;

interface Held extends PluginSecret {
  readonly at: EpochMs;
  readonly afterRefusal: boolean;
  refused: boolean;
}

const isExecutable = async (path: string): Promise<boolean> => {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
};

/** The file that a command means. PATH entries that are relative are not trusted. */
const lookUp = async (command: string, path: string): Promise<string | null> => {
  if (command.includes('/')) return (await isExecutable(command)) ? command : null;
  for (const dir of path.split(delimiter)) {
    const file = join(dir, command);
    if (dir.startsWith('/') && (await isExecutable(file))) return file;
  }
  return null;
};

const notFound = (exec: ExecSettings): Failure =>
  pluginFailure(
    exec,
    'misconfigured',
    'the credential plugin is not installed',
    exec.installHint === null
      ? 'install it, or check exec.command of the user in the kubeconfig'
      : complaint(exec.installHint),
  );

interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
  readonly spawnError: string | null;
}

/** Runs the plugin without a terminal and without input; ends its whole process group when it takes too long. */
const run = async (
  file: string,
  { exec, env, clock, lifetime }: ExecPluginOptions,
  info: string,
): Promise<Ran | 'too slow' | 'ended'> => {
  const { execa } = await import('execa');
  const child = execa(file, [...exec.args], {
    stdin: 'ignore',
    detached: true,
    extendEnv: false,
    env: {
      ...env,
      ...Object.fromEntries(exec.env.map(({ name, value }) => [name, value])),
      KUBERNETES_EXEC_INFO: info,
    },
    maxBuffer: mostOutput,
    reject: false,
    cleanup: true,
  });
  const endGroup = (): void => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has ended in the meantime.
    }
  };
  const finished = new AbortController();
  const stop = AbortSignal.any([finished.signal, lifetime]);
  const first = await Promise.race([
    child,
    clock
      .sleep(runsAtMost, stop)
      .then(() => (lifetime.aborted ? 'ended' : 'too slow') as 'ended' | 'too slow'),
  ]);
  finished.abort();
  if (typeof first === 'string') {
    endGroup();
    await child;
    return first;
  }
  return {
    stdout: first.stdout,
    stderr: first.stderr,
    code: first.exitCode ?? null,
    spawnError:
      first.failed && first.exitCode === undefined
        ? (first.code ?? first.signal ?? 'unknown')
        : null,
  };
};

const obtain = async (options: ExecPluginOptions): Promise<Result<PluginSecret>> => {
  const { exec, env } = options;
  const file = await lookUp(exec.command, env.PATH ?? '');
  if (file === null) return failed(notFound(exec));
  const cluster = await options.cluster();
  if (!cluster.ok) return cluster;
  const ran = await run(file, options, execInfo(exec, cluster.value));
  if (ran === 'ended')
    return failed(pluginFailure(exec, 'ended', 'the credential plugin was stopped'));
  if (ran === 'too slow') {
    return failed(
      pluginFailure(
        exec,
        'timeout',
        `the credential plugin did not finish within ${runsAtMost / 1000} s`,
        'run it by hand: it may be waiting for a login in a browser or for the network',
      ),
    );
  }
  if (ran.code === 0) return parseExecCredential(exec, ran.stdout);
  const words = complaint(ran.stderr);
  const how =
    ran.code === null ? `was ended (${ran.spawnError})` : `failed with exit code ${ran.code}`;
  return failed(
    pluginFailure(
      exec,
      'unauthorized',
      `the credential plugin ${how}${words === '' ? '' : `: ${words}`}`,
      'run it by hand; most often a login has expired',
    ),
  );
};

/** Credentials from an exec plugin: one run at a time, kept until they expire or are refused. */
export const execPlugin = (options: ExecPluginOptions): Credential => {
  const { clock } = options;
  let held: Held | undefined;
  let broken: { readonly failure: Failure; readonly at: EpochMs } | undefined;
  let flight: Promise<Result<Secret>> | undefined;

  const isGood = ({ refused, expires, at }: Held): boolean => {
    if (refused) return false;
    if (expires === null) return true;
    const early = Math.min(skew, since(at, expires) / 10);
    return clock.now() < expires - early;
  };
  const renew = async (): Promise<Result<Secret>> => {
    const afterRefusal = held?.refused ?? false;
    const got = await obtain(options);
    if (!got.ok) {
      broken = { failure: got.failure, at: clock.now() };
      return got;
    }
    broken = undefined;
    held = { ...got.value, at: clock.now(), afterRefusal, refused: false };
    return ok(held.secret);
  };
  return {
    current: async () => {
      if (held !== undefined && isGood(held)) return ok(held.secret);
      if (broken !== undefined && since(broken.at, clock.now()) < failureHolds) {
        return failed(broken.failure);
      }
      flight ??= renew().finally(() => {
        flight = undefined;
      });
      return await flight;
    },
    invalidate: (secret) => {
      if (held === undefined || held.secret !== secret) return true;
      if (held.afterRefusal && since(held.at, clock.now()) < refusalHolds) return false;
      held.refused = true;
      return true;
    },
  };
};
