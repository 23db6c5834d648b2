import { apiPause } from './api-pause.ts';
import { apiResume } from './api-resume.ts';
import { apiStart } from './api-start.ts';
import { apiStop } from './api-stop.ts';
import type { ChaosCase } from './chaos-case.ts';
import { crashLoop } from './crash-loop.ts';
import { deploymentStuck } from './deployment-stuck.ts';
import { evicted } from './evicted.ts';
import { imagePullError } from './image-pull-error.ts';
import { nodeNotReady } from './node-not-ready.ts';
import { oom } from './oom.ts';
import { pendingCpu } from './pending-cpu.ts';
import { watchReset } from './watch-reset.ts';

export const chaosCases: readonly ChaosCase[] = [
  crashLoop,
  imagePullError,
  nodeNotReady,
  pendingCpu,
  oom,
  evicted,
  deploymentStuck,
  apiStop,
  apiStart,
  apiPause,
  apiResume,
  watchReset,
];

/** @throws with the names there are when there is no such case. */
export const chaosCase = (name: string): ChaosCase => {
  const found = chaosCases.find((one) => one.name === name);
  if (!found) {
    const names = chaosCases.map((one) => one.name).join(', ');
    throw new Error(`no chaos case "${name}"; there are ${names}`);
  }
  return found;
};
