import type { SourcePort } from './ports.ts';

/** Says nothing until it is ended: for a source that is off, and for tests. What it would tell stays unknown. */
export const noSource: SourcePort<never> = {
  watch: (_, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener('abort', () => resolve(), { once: true });
    }),
};

/** The sources of `Ports` besides the API server, all of them off. */
export const noSources = {
  etcd: noSource,
  alerts: noSource,
  prometheus: noSource,
  acknowledgements: noSource,
  runs: noSource,
  acts: noSource,
};
