import type { RequestGuard } from '../http/direct.ts';

/** The one question that is ever asked of a Loki. */
export const lokiRange = '/loki/api/v1/query_range';

/** Why a request to a Loki does not exist here, or null. */
export const lokiGuard: RequestGuard = (method, path) => {
  if (method !== 'GET') return 'nothing is posted to a Loki';
  return path.split('?')[0] === lokiRange ? null : 'this path is not among those that are read';
};
