import { describe, expect, it } from 'vitest';
import { schedulingReason } from '../../src/findings/pod-problem.ts';

describe('the words of the scheduler', () => {
  it.each([
    [
      '0/3 nodes are available: 3 Insufficient memory.',
      'FailedScheduling: 0/3 nodes, 3 Insufficient memory',
    ],
    [
      '0/5 nodes are available: 1 node(s) were unschedulable, 4 Too many pods. no new claims to deallocate, preemption: not eligible',
      'FailedScheduling: 0/5 nodes, 1 node(s) were unschedulable, 4 Too many pods',
    ],
    ['running PreFilter plugin: something new', 'FailedScheduling'],
  ])('given %j', (message, expected) => {
    expect(schedulingReason(message)).toBe(expected);
  });
});
