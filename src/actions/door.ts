import type { ActPlan, EffectRequest } from '../kernel/act.ts';
import { canonicalText } from '../kernel/canonical-text.ts';
import type { EffectPorts } from '../kernel/effect-ports.ts';
import { failed, failure, type Result } from '../kernel/failure.ts';

const refused = (request: EffectRequest, why: string): { readonly ok: false } & Result<never> =>
  failed(failure('forbidden', 'carry out', why, { on: request.kind }));

/**
 * Ports through which only the requests of one plan pass, each as often as it stands there, until the door is shut.
 * What is under way then ends with it: what an action leaves running behind it sends nothing any more.
 */
export const doorFor = (plan: ActPlan, ports: EffectPorts, shut: AbortSignal): EffectPorts => {
  const left = new Map<string, number>();
  for (const request of plan.requests) {
    const key = canonicalText(request);
    left.set(key, (left.get(key) ?? 0) + 1);
  }
  const through = async <T>(
    request: EffectRequest,
    signal: AbortSignal,
    send: (until: AbortSignal) => Promise<Result<T>>,
  ): Promise<Result<T>> => {
    const key = canonicalText(request);
    const times = left.get(key) ?? 0;
    if (times === 0) {
      return refused(request, 'this request does not stand in the plan that was agreed to');
    }
    if (shut.aborted) return refused(request, 'what this request belongs to is over');
    left.set(key, times - 1);
    return await send(AbortSignal.any([signal, shut]));
  };
  return {
    kubernetes: (request, signal) =>
      through(request, signal, (until) => ports.kubernetes(request, until)),
    logs: (request, emit, signal) =>
      through(request, signal, (until) => ports.logs(request, emit, until)),
    loki: (request, emit, signal) =>
      through(request, signal, (until) => ports.loki(request, emit, until)),
    attach: (request, terminal, signal) =>
      through(request, signal, (until) => ports.attach(request, terminal, until)),
    etcd: (request, signal) => through(request, signal, (until) => ports.etcd(request, until)),
    etcdSnapshot: (request, progress, signal) =>
      through(request, signal, (until) => ports.etcdSnapshot(request, progress, until)),
    alertmanager: (request, signal) =>
      through(request, signal, (until) => ports.alertmanager(request, until)),
  };
};
