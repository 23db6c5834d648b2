import type { Clock, Random } from '../../kernel/clock.ts';
import type { KubernetesPort, SourcePort } from '../../kernel/ports.ts';
import type { PrometheusData } from '../../kernel/prometheus-fact.ts';
import type { SourceSettings, SourceTarget } from '../../kernel/source-target.ts';
import { discoverServices, prometheusServices } from '../http/discover-services.ts';
import type { HttpSource } from '../http/http-source.ts';
import { type Attention, pollSource } from '../http/poll-source.ts';
import { watchSources } from '../http/watch-sources.ts';
import { PrometheusPoll } from './prometheus-poll.ts';

export interface PrometheusSourceOptions {
  readonly settings: Pick<SourceSettings, 'prometheus' | 'discover'>;
  readonly kubernetes: Pick<KubernetesPort, 'get'>;
  readonly open: (target: SourceTarget) => HttpSource;
  readonly clock: Clock;
  readonly random: Random;
  readonly attention: Attention;
  /** Those that are watched now, by name, for questions besides. Kept up to date by the source. */
  readonly opened?: Map<string, HttpSource>;
}

/**
 * Every Prometheus that is named or found, each asked on its own: every 15 s while somebody looks, else every 30 s.
 * The scope of what it says is the target's name.
 */
export const prometheusSource = (options: PrometheusSourceOptions): SourcePort<PrometheusData> => ({
  watch: (emit, signal) => {
    const { settings, kubernetes, open, clock, opened } = options;
    return watchSources<PrometheusData>(
      {
        named: settings.prometheus,
        find: settings.discover
          ? (until) => discoverServices(kubernetes, prometheusServices, until)
          : null,
        watch: async (target, tell, until) => {
          const http = open(target);
          opened?.set(target.name, http);
          try {
            const poll = new PrometheusPoll(target.name, http, clock);
            await pollSource(poll, options, tell, until);
          } finally {
            opened?.delete(target.name);
            await http.close();
          }
        },
        left: { kind: 'left', id: 'info' },
        clock,
      },
      emit,
      signal,
    );
  },
});
