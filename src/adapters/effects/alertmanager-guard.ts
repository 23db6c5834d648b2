import type { RequestGuard } from '../http/direct.ts';
import { monitoringGuard } from '../http/monitoring-guard.ts';
import { closedByMode, type EffectMode } from './effect-mode.ts';
import { isSilence, silencePath, silencesPath } from './silence-shape.ts';

/** Guards requests to an Alertmanager: silences are made and ended, nothing else. */
export const alertmanagerGuard =
  (mode: () => EffectMode): RequestGuard =>
  (method, path, body) => {
    if (method === 'GET') return monitoringGuard(method, path, body);
    if (mode() !== 'guarded') return closedByMode;
    const ours =
      method === 'POST'
        ? path === silencesPath && isSilence(body ?? '')
        : method === 'DELETE' && silencePath.test(path) && body === undefined;
    return ours ? null : 'no action builds such a request';
  };
