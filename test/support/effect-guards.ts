import { alertmanagerGuard } from '../../src/adapters/effects/alertmanager-guard.ts';
import type { EffectMode } from '../../src/adapters/effects/effect-mode.ts';
import { etcdGuard, snapshotPath } from '../../src/adapters/effects/etcd-guard.ts';
import { kubernetesGuard } from '../../src/adapters/effects/kubernetes-guard.ts';
import type { EffectRequest } from '../../src/kernel/act.ts';

/** Why a request of a plan would not leave in a mode; null when it would. */
export const effectGuards =
  (mode: EffectMode) =>
  (request: EffectRequest): string | null => {
    switch (request.kind) {
      case 'kubernetes': {
        const { method, path, contentType, body } = request;
        return kubernetesGuard(() => mode)({
          method,
          path,
          accept: '*/*',
          ...(body === '' ? {} : { body, contentType }),
        });
      }
      case 'etcd':
        return etcdGuard(() => mode)('POST', request.path, request.body);
      case 'etcd-snapshot':
        return etcdGuard(() => mode)('POST', snapshotPath, '{}');
      case 'alertmanager':
        return alertmanagerGuard(() => mode)(
          request.method,
          request.path,
          request.body === '' ? undefined : request.body,
        );
      default:
        return null;
    }
  };
