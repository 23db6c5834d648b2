import { absurd } from '../../kernel/absurd.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { SourceTarget } from '../../kernel/source-target.ts';
import type { ApiClient } from '../kubernetes/api-client.ts';
import type { PodForward } from '../kubernetes/port-forward.ts';
import { directHttp, type RequestGuard } from './direct.ts';
import type { HttpSource } from './http-source.ts';
import { monitoringGuard } from './monitoring-guard.ts';
import { portForward } from './port-forward.ts';
import { serviceProxy } from './service-proxy.ts';

export interface OpenHttpDeps {
  /** For what is reached through the API server. */
  readonly api: Pick<ApiClient, 'request'>;
  readonly forward: PodForward;
  readonly clock: Clock;
  /** Of midwatch, for the User-Agent header. */
  readonly version: string;
}

/**
 * Requests to a server on the way that its target names. Nothing is dialled yet.
 * @param guard Which requests exist; those to an Alertmanager or a Prometheus where nothing else is said.
 */
export const openHttp = (
  target: SourceTarget,
  deps: OpenHttpDeps,
  guard: RequestGuard = monitoringGuard,
): HttpSource => {
  const { way } = target;
  switch (way.kind) {
    case 'direct':
      return directHttp({ ...deps, way, auth: target.auth, tls: target.tls, guard });
    case 'service':
    case 'pod-proxy':
      return serviceProxy({ ...deps, target: { ...target, way }, guard });
    case 'pod':
      return portForward({ ...deps, target: { ...target, way }, guard });
    default:
      return absurd(way);
  }
};
