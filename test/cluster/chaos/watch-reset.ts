import type { ChaosCase } from './chaos-case.ts';

export const watchReset: ChaosCase = {
  name: 'watch-reset',
  summary: 'the API server restarts and forgets history: a watch that resumes gets 410 Gone',
  needs: 'any',
  apply: (cluster) => cluster.forgetHistory(),
  // Clients recover by listing again; there is nothing to put back.
  undo: async () => {},
};
