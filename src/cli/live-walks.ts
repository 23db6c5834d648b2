import { randomUUID } from 'node:crypto';
import { homedir } from 'node:os';
import { dirname } from 'node:path';
import { systemClock } from '../adapters/clock.ts';
import type { Runs } from '../adapters/runs.ts';
import type { Store } from '../kernel/store.ts';
import { sliceOf } from '../kernel/world.ts';
import { runs } from '../probes/runs.ts';
import type { SessionStore } from '../views/session.ts';
import type { ClusterSession } from './cluster-session.ts';
import { type Config, configPath } from './config.ts';
import type { Io } from './io.ts';
import { person } from './local-sources.ts';
import { type RunbookSettings, runbookSettings } from './runbook-config.ts';
import type { RunbookDesk } from './runbook-desk.ts';
import type { PagesDeps } from './runbook-pages.ts';
import type { StepDoor } from './step-door.ts';
import type { Walker } from './walker.ts';

/** Where runbooks are, as the configuration of this person says. */
export const settingsOf = (config: Config, env: Io['env']): RunbookSettings =>
  runbookSettings(config.runbooks, dirname(configPath(env)), env.HOME || homedir());

/** Walks of a live session, loaded with the first of them. */
export const liveWalker = (
  cluster: Pick<ClusterSession, 'ports' | 'store' | 'runs' | 'query'>,
  session: SessionStore,
  {
    config,
    env,
    version,
    door,
  }: {
    readonly config: Config;
    readonly env: Io['env'];
    readonly version: string;
    readonly door: () => Promise<StepDoor | null>;
  },
): (() => Promise<Walker>) => {
  let made: Promise<Walker> | null = null;
  const make = async (): Promise<Walker> => {
    const [{ walker }, through] = await Promise.all([import('./walker.ts'), door()]);
    const steps = {
      clock: systemClock,
      world: () => cluster.store.world(),
      // As it is when a step is carried out: one may have gone to another namespace meanwhile.
      get namespace() {
        return session.get().namespace;
      },
      version,
      allowHosts: settingsOf(config, env).allowHosts,
      door: through,
      kubernetes: cluster.ports.kubernetes,
      query: (request: Parameters<ClusterSession['query']>[1], signal: AbortSignal) =>
        cluster.query('', request, signal),
    };
    return walker({ runs: cluster.runs, by: person(env), newId: randomUUID, steps });
  };
  return () => {
    made ??= make();
    return made;
  };
};

/** Pages of the web, as this person allows them; what fetches them is loaded with the first of them. */
export const livePages = (config: Config, env: Io['env'], version: string): PagesDeps => ({
  clock: systemClock,
  read: async (url, signal) => {
    const { readRunbookPage } = await import('./runbook-library.ts');
    return readRunbookPage(url, settingsOf(config, env), env, version, signal);
  },
});

/** Reads the texts that runs began with, once each, as runs of others or of before come into the world. */
export const followTexts = (
  desk: Pick<RunbookDesk, 'shelf' | 'subscribe' | 'tell'>,
  store: Pick<Store, 'world' | 'subscribe'>,
  log: Pick<Runs, 'textOf'>,
  signal: AbortSignal,
): void => {
  const asked = new Set<string>();
  const look = (): void => {
    const shelf = desk.shelf();
    if (shelf === null) return;
    for (const { runbook } of sliceOf(store.world(), runs).state.values()) {
      const { hash, path } = runbook;
      if (asked.has(hash)) continue;
      asked.add(hash);
      if (shelf.bookOf(hash) !== null || shelf.bookAt(path)?.hash === hash) continue;
      void log.textOf(hash).then((text) => {
        if (!text.ok || signal.aborted) return;
        shelf.add(text.value, path);
        desk.tell();
      });
    }
  };
  const ends = [store.subscribe(look), desk.subscribe(look)];
  signal.addEventListener('abort', () => ends.forEach((end) => void end()), { once: true });
  look();
};
