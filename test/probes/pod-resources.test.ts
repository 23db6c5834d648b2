import { describe, expect, it } from 'vitest';
import type { ReadPodSpec } from '../../src/probes/pod-fields.ts';
import { podResources } from '../../src/probes/pod-resources.ts';

const wants = (cpu: string, restartPolicy?: string) => ({
  ...(restartPolicy && { restartPolicy }),
  resources: { requests: { cpu }, limits: { cpu } },
});

describe('podResources', () => {
  it.each<[string, ReadPodSpec, number, number]>([
    ['no containers', {}, 0, 0],
    ['containers', { containers: [wants('1'), wants('250m'), {}] }, 1250, 1250],
    [
      'an init container that wants less',
      { initContainers: [wants('1')], containers: [wants('2')] },
      2000,
      2000,
    ],
    [
      'an init container that wants more',
      { initContainers: [wants('3')], containers: [wants('2')] },
      3000,
      3000,
    ],
    ['a sidecar', { initContainers: [wants('1', 'Always')], containers: [wants('2')] }, 3000, 3000],
    [
      'an init container next to a sidecar',
      { initContainers: [wants('1', 'Always'), wants('4')], containers: [wants('2')] },
      5000,
      5000,
    ],
    [
      'an init container before a sidecar',
      { initContainers: [wants('4'), wants('1', 'Always')], containers: [wants('2')] },
      4000,
      4000,
    ],
    [
      'resources of the whole pod',
      { resources: { requests: { cpu: '7' } }, containers: [wants('2')] },
      7000,
      2000,
    ],
    [
      'overhead of the runtime',
      { overhead: { cpu: '250m' }, containers: [wants('2')] },
      2250,
      2250,
    ],
    [
      'overhead but no limit',
      { overhead: { cpu: '250m' }, containers: [{ resources: { requests: { cpu: '1' } } }] },
      1250,
      0,
    ],
  ])('given %s, when summed, then it is what the scheduler counts', (_, spec, requests, limits) => {
    expect(podResources(spec, 'requests').cpu).toBe(requests);
    expect(podResources(spec, 'limits').cpu).toBe(limits);
    expect(podResources(spec, 'requests').memory).toBe(0);
  });
});
