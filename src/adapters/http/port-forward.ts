import type { Clock } from '../../kernel/clock.ts';
import type { SourceTarget, SourceWay } from '../../kernel/source-target.ts';
import { ApiError } from '../kubernetes/network-failure.ts';
import type { PodForward } from '../kubernetes/port-forward.ts';
import { type DirectHttp, directHttp, type RequestGuard } from './direct.ts';
import type { HttpSource } from './http-source.ts';

export type PodWay = Extract<SourceWay, { kind: 'pod' }>;

export interface PortForwardOptions {
  readonly target: Omit<SourceTarget, 'way'> & { readonly way: PodWay };
  readonly forward: PodForward;
  readonly clock: Clock;
  readonly guard: RequestGuard;
  /** Of midwatch, for the User-Agent header. */
  readonly version: string;
}

/** Requests to one pod, each connection through a port-forward of its own; TLS and login are the target's. */
export const portForward = (
  options: PortForwardOptions,
): HttpSource & Pick<DirectHttp, 'reached'> => {
  const { target, forward, clock, guard, version } = options;
  const { namespace, name, port, scheme, path } = target.way;
  const source = directHttp({
    // kubelets connect to the pod's loopback: that is the name a certificate would have to bear.
    way: { kind: 'direct', url: `${scheme}://localhost:${port}${path}` },
    auth: target.auth,
    tls: target.tls,
    clock,
    version,
    guard,
    carrier: async (signal) => {
      const stream = await forward({ namespace, name, port }, signal);
      if (!stream.ok) throw new ApiError(stream.failure);
      return stream.value;
    },
  });
  return {
    where: `pod ${namespace}/${name}`,
    request: (request, signal) => source.request(request, signal),
    close: () => source.close(),
    reached: () => source.reached(),
  };
};
