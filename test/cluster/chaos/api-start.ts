import type { ChaosCase } from './chaos-case.ts';

export const apiStart: ChaosCase = {
  name: 'api-start',
  summary: 'the API server comes back, on the same port with the same data',
  needs: 'any',
  apply: (cluster) => cluster.startApiServer(),
  undo: (cluster) => cluster.stopApiServer(),
};
