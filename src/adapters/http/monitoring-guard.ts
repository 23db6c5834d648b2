import type { RequestGuard } from './direct.ts';

/** Everything that is ever asked of an Alertmanager or a Prometheus. None of it changes anything. */
const asked: ReadonlySet<string> = new Set([
  '/api/v2/alerts/groups',
  '/api/v2/silences',
  '/api/v2/status',
  '/api/v1/rules',
  '/api/v1/targets',
  '/api/v1/alertmanagers',
  '/api/v1/query',
  '/api/v1/query_range',
  '/api/v1/status/buildinfo',
  '/api/v1/status/config',
]);

/** Why such a question does not exist here, or null. Only these can be sent, on every way to a source. */
export const monitoringGuard: RequestGuard = (method, path) => {
  if (method !== 'GET') return 'nothing is posted to an Alertmanager or a Prometheus';
  return asked.has(path.split('?')[0] ?? '') ? null : 'this path is not among those that are read';
};
