import type { Clock, Random } from '../../kernel/clock.ts';
import type { KubernetesPort, Ports } from '../../kernel/ports.ts';
import type { SourceSettings, SourceTarget } from '../../kernel/source-target.ts';
import { alertmanagerSource } from '../alertmanager/alertmanager-source.ts';
import { etcdSource } from '../etcd/etcd-source.ts';
import { openHttp } from '../http/open-http.ts';
import type { ApiClient } from '../kubernetes/api-client.ts';
import type { PodForward } from '../kubernetes/port-forward.ts';
import type { SourceName } from '../kubernetes/worker-port.ts';
import { prometheusSource } from '../prometheus/prometheus-source.ts';
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

/** Everything that is asked besides the API server. Nothing is dialled before it is watched. */
export const openSources = (options: OpenSourcesOptions): Pick<Ports, SourceName> => {
  const open = (target: SourceTarget) => openHttp(target, { ...options, api: options.client });
  return {
    etcd: etcdSource(options),
    alerts: alertmanagerSource({ ...options, open }),
    prometheus: prometheusSource({ ...options, open }),
  };
};
