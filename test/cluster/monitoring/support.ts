import { afterAll, beforeAll, describe, it } from 'vitest';
import { monitoringObstacle } from '../debian-packages.ts';
import { startOwnedRun } from '../owned-run.ts';
import type { Run } from '../run-dir.ts';
import { skipReason } from '../skip-reason.ts';
import { type Alertmanager, type AlertmanagerOptions, startAlertmanager } from './alertmanager.ts';
import {
  type AlertmanagerPair,
  type PairOptions,
  startAlertmanagerPair,
} from './alertmanager-pair.ts';
import { type Prometheus, type PrometheusOptions, startPrometheus } from './prometheus.ts';

/** Starts servers that end with the suite, whether or not somebody stops them before. */
export interface Monitoring {
  readonly run: Run;
  readonly alertmanager: (
    options?: Omit<AlertmanagerOptions, 'run'>,
    signal?: AbortSignal,
  ) => Promise<Alertmanager>;
  readonly alertmanagerPair: (
    options?: Omit<PairOptions, 'run'>,
    signal?: AbortSignal,
  ) => Promise<AlertmanagerPair>;
  readonly prometheus: (
    options?: Omit<PrometheusOptions, 'run'>,
    signal?: AbortSignal,
  ) => Promise<Prometheus>;
}

interface OwnedMonitoring extends Monitoring {
  readonly stop: () => Promise<void>;
}

interface Stoppable {
  readonly stop: () => Promise<void>;
}

const startMonitoring = (): Promise<OwnedMonitoring> =>
  startOwnedRun(async (run, end) => {
    const started: Stoppable[] = [];
    const keep = async <T extends Stoppable>(starting: Promise<T>): Promise<T> => {
      const one = await starting;
      started.push(one);
      return one;
    };
    return {
      run,
      alertmanager: (options, signal) => keep(startAlertmanager({ ...options, run }, signal)),
      alertmanagerPair: (options, signal) =>
        keep(startAlertmanagerPair({ ...options, run }, signal)),
      prometheus: (options, signal) => keep(startPrometheus({ ...options, run }, signal)),
      stop: async () => {
        await Promise.all(started.map((one) => one.stop()));
        await end();
      },
    };
  });

const TIMEOUT_MS = 30_000;

/**
 * A suite that starts real Alertmanagers and Prometheuses. Where they are not installed, one skipped test
 * says what would help; with CI=true that is a failure.
 */
export const describeWithMonitoring = (
  title: string,
  body: (monitoring: () => Monitoring) => void,
): void => {
  const reason = skipReason('monitoring', monitoringObstacle);
  if (reason) {
    describe(title, () => it.skip(`skipped: ${reason}`, () => {}));
    return;
  }
  describe(title, () => {
    let monitoring: OwnedMonitoring | undefined;
    beforeAll(async () => {
      monitoring = await startMonitoring();
    }, TIMEOUT_MS);
    afterAll(() => monitoring?.stop(), TIMEOUT_MS);
    body(() => {
      if (!monitoring) throw new Error('monitoring is there from the first test on, not before');
      return monitoring;
    });
  });
};
