import { type OpenHttpDeps, openHttp } from '../adapters/http/open-http.ts';
import { readLoki } from '../adapters/logs/loki.ts';
import { lokiGuard } from '../adapters/logs/loki-guard.ts';
import type { EffectPorts } from '../kernel/effect-ports.ts';
import { failed } from '../kernel/failure.ts';
import { globMatches } from '../kernel/glob.ts';
import type { Config } from './config.ts';
import { lokiSources } from './sources.ts';

/** The port that asks the Loki servers of the configuration that belong to a context. Nothing is dialled yet. */
export const lokiPort = (
  config: Pick<Config, 'loki'>,
  context: string,
  deps: OpenHttpDeps,
): EffectPorts['loki'] => {
  const named = lokiSources(config);
  if (!named.ok) return async () => failed(named.failure);
  const targets = named.value
    .filter(
      ({ contexts }) => contexts.length === 0 || contexts.some((c) => globMatches(c, context)),
    )
    .map(({ target }) => target);
  const open = (target: (typeof targets)[number]) => openHttp(target, deps, lokiGuard);
  return readLoki({ targets, open, clock: deps.clock });
};
