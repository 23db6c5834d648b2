import type { Incident } from '../incident.ts';
import { prepareBackground } from './background.ts';

/** Nobody answers for three minutes. What was known stays on the screen, with its age. */
export const apiserverDown = (): Incident => ({
  name: 'apiserver-down-3min',
  summary: 'the API server is gone for three minutes; what was known stays, with its age',
  nodes: 4,
  realNode: false,
  opensAt: 'the API server stops',
  prepare: prepareBackground,
  sources: () => ({ config: { discover: false } }),
  stages: [
    { name: 'healthy', mark: '', act: async () => {}, thenSeconds: 15 },
    {
      name: 'down',
      mark: 'the API server stops',
      act: (cluster) => cluster.stopApiServer(),
      thenSeconds: 180,
    },
    {
      name: 'back',
      mark: 'the API server is started again',
      act: (cluster) => cluster.startApiServer(),
      thenSeconds: 30,
    },
  ],
});
