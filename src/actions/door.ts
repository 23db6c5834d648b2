import type { ActPlan, EffectRequest } from '../kernel/act.ts';
import { canonicalText } from '../kernel/canonical-text.ts';
import type { EffectPorts } from '../kernel/effect-ports.ts';
import { failed, failure, type Result } from '../kernel/failure.ts';

const refusal = (request: EffectRequest): { readonly ok: false } & Result<never> =>
  failed(
    failure(
      'forbidden',
      'carry out',
      'this request does not stand in the plan that was agreed to',
      {
        on: request.kind,
      },
    ),
  );

/** Ports through which only the requests of one plan pass, each as often as it stands there. */
export const doorFor = (plan: ActPlan, ports: EffectPorts): EffectPorts => {
  const left = new Map<string, number>();
  for (const request of plan.requests) {
    const key = canonicalText(request);
    left.set(key, (left.get(key) ?? 0) + 1);
  }
  const passes = (request: EffectRequest): boolean => {
    const key = canonicalText(request);
    const times = left.get(key) ?? 0;
    left.set(key, times - 1);
    return times > 0;
  };
  return {
    kubernetes: async (request, signal) =>
      passes(request) ? ports.kubernetes(request, signal) : refusal(request),
    logs: async (request, emit, signal) =>
      passes(request) ? ports.logs(request, emit, signal) : refusal(request),
    loki: async (request, emit, signal) =>
      passes(request) ? ports.loki(request, emit, signal) : refusal(request),
    attach: async (request, terminal, signal) =>
      passes(request) ? ports.attach(request, terminal, signal) : refusal(request),
    etcd: async (request, signal) =>
      passes(request) ? ports.etcd(request, signal) : refusal(request),
    etcdSnapshot: async (request, progress, signal) =>
      passes(request) ? ports.etcdSnapshot(request, progress, signal) : refusal(request),
    alertmanager: async (request, signal) =>
      passes(request) ? ports.alertmanager(request, signal) : refusal(request),
  };
};
