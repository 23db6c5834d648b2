import type { Clock, Random } from '../../kernel/clock.ts';
import { failed, failure, ok, type Result } from '../../kernel/failure.ts';
import type { KubernetesPort, Ports } from '../../kernel/ports.ts';
import type { SourceSettings, SourceTarget } from '../../kernel/source-target.ts';
import { alertmanagerSource } from '../alertmanager/alertmanager-source.ts';
import { etcdSource } from '../etcd/etcd-source.ts';
import type { HttpSource } from '../http/http-source.ts';
import { openHttp } from '../http/open-http.ts';
import type { ApiClient } from '../kubernetes/api-client.ts';
import type { PodForward } from '../kubernetes/port-forward.ts';
import type { SourceName } from '../kubernetes/worker-port.ts';
import { prometheusSource } from '../prometheus/prometheus-source.ts';
import type { Brought } from '../steps/brought.ts';
import { type QueryRequest, queryStep } from '../steps/query-step.ts';
import type { Attention } from './attention.ts';

export interface OpenSourcesOptions {
  readonly settings: SourceSettings;
  readonly kubernetes: Pick<KubernetesPort, 'get'>;
  /** For what is reached through the API server. */
  readonly client: ApiClient;
  readonly forward: PodForward;
  readonly clock: Clock;
  readonly random: Random;
  readonly attention: Attention;
  /** Of midwatch, for the User-Agent header. */
  readonly version: string;
}

export interface OpenedSources {
  readonly ports: Pick<Ports, SourceName>;
  /** Asks a Prometheus that is watched one question; '' is the first of them. */
  query(source: string, query: QueryRequest, signal: AbortSignal): Promise<Result<Brought>>;
}

/** Everything that is asked besides the API server. Nothing is dialled before it is watched. */
export const openSources = (options: OpenSourcesOptions): OpenedSources => {
  const open = (target: SourceTarget) => openHttp(target, { ...options, api: options.client });
  const opened = new Map<string, HttpSource>();
  return {
    ports: {
      etcd: etcdSource(options),
      alerts: alertmanagerSource({ ...options, open }),
      prometheus: prometheusSource({ ...options, open, opened }),
    },
    query: async (source, query, signal) => {
      const http = source === '' ? [...opened.values()][0] : opened.get(source);
      return http === undefined
        ? failed(
            failure('misconfigured', 'query', 'no Prometheus is watched', {
              ...(source === '' ? {} : { on: source }),
              hint: 'name one with --prometheus',
            }),
          )
        : ok(await queryStep(http, options.clock, query, signal));
    },
  };
};
