import { z } from 'zod';
import { bytes, milliCpu } from '../kernel/units.ts';
import type { ReadContainer, ReadPodSpec } from './pod-fields.ts';
import { isSidecar } from './pod-status.ts';
import { bytesOf, cpuOf } from './quantity.ts';
import { bytesSchema, milliCpuSchema, type Parsed } from './schema.ts';

export const resourcesSchema = z.object({ cpu: milliCpuSchema, memory: bytesSchema });
/** Zero means that none is set. */
export type Resources = Parsed<typeof resourcesSchema>;

type Quantities = Readonly<Record<string, string>> | undefined;

const resourcesOf = (of: Quantities): Resources => ({
  cpu: cpuOf(of?.cpu),
  memory: bytesOf(of?.memory),
});

const none = resourcesOf(undefined);

const combine = (a: Resources, b: Resources, f: (x: number, y: number) => number): Resources => ({
  cpu: milliCpu(f(a.cpu, b.cpu)),
  memory: bytes(f(a.memory, b.memory)),
});
const add = (a: Resources, b: Resources): Resources => combine(a, b, (x, y) => x + y);
const most = (a: Resources, b: Resources): Resources => combine(a, b, Math.max);

/**
 * What the scheduler counts for a pod: the containers and sidecars together, or more where an init container
 * needs more while it runs; what is set for the whole pod goes before that; overhead of the runtime on top.
 */
export const podResources = (spec: ReadPodSpec, side: 'requests' | 'limits'): Resources => {
  const of = (c: ReadContainer) => resourcesOf(c.resources?.[side]);
  let sum = (spec.containers ?? []).map(of).reduce(add, none);
  let sidecars = none;
  let peak = none;
  for (const init of spec.initContainers ?? []) {
    const wants = of(init);
    if (isSidecar(init)) {
      sidecars = add(sidecars, wants);
      sum = add(sum, wants);
      peak = most(peak, sidecars);
    } else peak = most(peak, add(sidecars, wants));
  }
  const counted = most(sum, peak);
  const whole = spec.resources?.[side];
  const base = {
    cpu: whole?.cpu === undefined ? counted.cpu : cpuOf(whole.cpu),
    memory: whole?.memory === undefined ? counted.memory : bytesOf(whole.memory),
  };
  const overhead = resourcesOf(spec.overhead);
  // A limit of zero is no limit, and overhead does not make one of it.
  return side === 'requests'
    ? add(base, overhead)
    : combine(base, overhead, (x, y) => (x === 0 ? 0 : x + y));
};
