import type { ChaosCase } from './chaos-case.ts';

export const apiPause: ChaosCase = {
  name: 'api-pause',
  summary: 'the API server freezes: connections stay open and nothing answers',
  needs: 'any',
  apply: async (cluster) => cluster.pauseApiServer(),
  undo: async (cluster) => cluster.resumeApiServer(),
};
