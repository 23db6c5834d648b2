import type { ChaosCase } from './chaos-case.ts';

export const apiStop: ChaosCase = {
  name: 'api-stop',
  summary: 'the API server crashes: connections break, new ones are refused',
  needs: 'any',
  apply: (cluster) => cluster.stopApiServer(),
  undo: (cluster) => cluster.startApiServer(),
};
