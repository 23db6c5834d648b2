import type { ChaosCase } from './chaos-case.ts';

export const apiResume: ChaosCase = {
  name: 'api-resume',
  summary: 'the frozen API server goes on where it was',
  needs: 'any',
  apply: async (cluster) => cluster.resumeApiServer(),
  undo: async (cluster) => cluster.pauseApiServer(),
};
