import type { ChaosCase } from './chaos-case.ts';

export const chaosCases: readonly ChaosCase[] = [];

export const chaosCase = (name: string): ChaosCase => {
  const found = chaosCases.find((one) => one.name === name);
  if (!found) {
    const names = chaosCases.map((one) => one.name).join(', ');
    throw new Error(`no chaos case "${name}"; there are ${names}`);
  }
  return found;
};
