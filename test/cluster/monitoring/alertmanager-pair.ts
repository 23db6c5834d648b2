import { freePort } from '../free-port.ts';
import { startOwnedRun } from '../owned-run.ts';
import type { Run } from '../run-dir.ts';
import { waitFor } from '../wait.ts';
import {
  type Alertmanager,
  type AlertmanagerOptions,
  type PostedAlert,
  startAlertmanager,
} from './alertmanager.ts';

/** Two that tell each other of silences, not of alerts: whoever sends those has to send to both. */
export interface AlertmanagerPair {
  readonly members: readonly [Alertmanager, Alertmanager];
  /** To those that answer, as Prometheus does. @throws when neither takes them. */
  readonly post: (alerts: readonly PostedAlert[], signal?: AbortSignal) => Promise<void>;
  /** Waits until each knows the other. */
  readonly joined: (signal?: AbortSignal) => Promise<void>;
  readonly stop: () => Promise<void>;
}

export type PairOptions = Omit<AlertmanagerOptions, 'cluster' | 'dataDir' | 'port'>;

const knowsBoth = async (one: Alertmanager, signal?: AbortSignal): Promise<boolean> => {
  const { cluster } = await one.request('/api/v2/status', {}, signal);
  return cluster.status === 'ready' && cluster.peers.length === 2;
};

const bringUp = async (
  run: Run,
  end: () => Promise<void>,
  { host = '127.0.0.1', ...options }: PairOptions,
  signal?: AbortSignal,
): Promise<AlertmanagerPair> => {
  const addresses = [`${host}:${await freePort()}`, `${host}:${await freePort()}`] as const;
  const start = (own: 0 | 1) =>
    startAlertmanager(
      {
        ...options,
        host,
        run,
        cluster: { address: addresses[own], peers: [addresses[own === 0 ? 1 : 0]] },
      },
      signal,
    );
  const first = await start(0);
  const second = await start(1).catch(async (error: unknown) => {
    await first.stop();
    throw error;
  });
  const members = [first, second] as const;
  const stop = async (): Promise<void> => {
    await Promise.all(members.map((one) => one.stop()));
    await end();
  };
  const joined = async (by?: AbortSignal): Promise<void> => {
    await waitFor(
      { until: 'both Alertmanagers know each other', timeoutMs: 30_000 },
      async () => (await knowsBoth(first, by)) && (await knowsBoth(second, by)),
      by,
    );
  };
  try {
    await joined(signal);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    members,
    post: async (alerts, by) => {
      const posted = await Promise.allSettled(members.map((one) => one.post(alerts, by)));
      const failures = posted.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
      if (failures.length === members.length) {
        throw new AggregateError(failures, 'neither Alertmanager takes alerts');
      }
    },
    joined,
    stop,
  };
};

/** Starts two Alertmanagers that gossip with each other, and waits until they do: some seconds. */
export const startAlertmanagerPair = (
  options: PairOptions = {},
  signal?: AbortSignal,
): Promise<AlertmanagerPair> =>
  options.run
    ? bringUp(options.run, async () => {}, options, signal)
    : startOwnedRun((run, end) => bringUp(run, end, options, signal));
