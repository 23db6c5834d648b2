import { systemClock } from '../adapters/clock.ts';
import { jsonOf } from '../adapters/kubernetes/json-answer.ts';
import { openCluster } from '../adapters/kubernetes/open-cluster.ts';
import { type Failure, ok } from '../kernel/failure.ts';
import { connectionFlags } from './cluster-session.ts';
import { type ConfigMapBooks, readConfigMaps } from './config-map-books.ts';
import type { ClusterFlags, Io } from './io.ts';

/** Runbooks in ConfigMaps for a command that looks once: as they are now, or why they cannot be read. */
export const clusterConfigMaps = async (
  names: readonly string[],
  flags: ClusterFlags,
  env: Io['env'],
  version: string,
): Promise<readonly ConfigMapBooks[]> => {
  if (names.length === 0) return [];
  const ended = new AbortController();
  try {
    const options = { flags: connectionFlags(flags), env, clock: systemClock, version };
    const opened = await openCluster(options, ended.signal);
    if (!opened.ok) return names.map((name) => neverAsked(name, opened.failure));
    const { client } = opened.value;
    const kubernetes = {
      get: async (path: string, signal: AbortSignal) => {
        const request = { method: 'GET', path, accept: 'application/json' } as const;
        const answer = await jsonOf(client, request, signal);
        return answer.ok ? ok(JSON.stringify(answer.value)) : answer;
      },
    };
    return await readConfigMaps(names, { kubernetes, clock: systemClock }, ended.signal);
  } finally {
    ended.abort();
  }
};

const neverAsked = (name: string, failure: Failure): ConfigMapBooks => ({
  name,
  source: null,
  entries: [],
  texts: new Map(),
  failure,
});
