import { describe, expect, it } from 'vitest';
import type { AlikeGroup } from '../../../src/kernel/alike.ts';
import { groupWords } from '../../../src/views/parts/change-words.ts';
import { change } from '../../support/scenes.ts';

const told = (probe: string, ...changes: readonly (readonly [key: string, text: string])[]) => {
  const group = changes.map(([key, text]) => ({
    ...change({ key, text, tone: 'bad' }),
    probe: probe as never,
  }));
  const { subject, text } = groupWords(group as unknown as AlikeGroup);
  return `${subject}|${text}`;
};
const gateway = (pod: string) => `payments/gateway-7d9f8c6b5-${pod}`;

describe('a change in words', () => {
  it('given pods of one workload with the same reason, then it is kept; with several, what they share', () => {
    expect(told('pods', [gateway('4crcm'), 'exit 1: no'], [gateway('zz7vd'), 'exit 1: no'])).toBe(
      'payments/gateway x2|exit 1: no',
    );
    expect(
      told(
        'pods',
        [gateway('4crcm'), 'Error → Loop: 4crcm'],
        [gateway('zz7vd'), 'Error → Loop: z'],
      ),
    ).toBe('payments/gateway x2|Error → Loop');
  });

  it.each([
    [
      'alerts',
      'f1',
      `Crash fires: ${gateway('4crcm')}`,
      'f2',
      `Crash fires: ${gateway('zz7vd')}`,
      '|Crash fires x2: payments/gateway',
    ],
    ['nodes', 'w-1', 'Ready → NotReady', 'w-2', 'Ready → NotReady', '2 nodes|Ready → NotReady'],
    [
      'etcd',
      'pay/pay-0',
      'pay-0 does not answer: a',
      'pay/pay-1',
      'pay-1 does not answer: b',
      'pay, 2 members|do not answer',
    ],
    [
      'prometheus',
      'job/a',
      'target job/a is down: x',
      'job/b',
      'target job/b is down: y',
      'targets of job x2|down',
    ],
    [
      'endpointslices',
      'a/gw-4wbz5',
      'gw: ready endpoints 1 → 0',
      'a/gw-p42x7',
      'gw: ready endpoints 1 → 0',
      'a/gw x2|ready endpoints 1 → 0',
    ],
  ])('given two of %s, then they are told together', (probe, keyA, a, keyB, b, words) => {
    expect(told(probe, [keyA, a], [keyB, b])).toBe(words);
  });

  it('given a log in JSON as the last words, then what ended it is told, and what comes after it', () => {
    const log =
      '{"level":"fatal","msg":"discovery failed","error":"has already been bootstrapped"}';
    expect(told('pods', ['a/b', `restarts 1 → 2, exit 1: cut"} ${log}, Error → Running`])).toBe(
      'a/b|restarts 1 → 2, exit 1: discovery failed: has already been bootstrapped, Error → Running',
    );
    expect(told('pods', ['a/b', 'Running → Error: exit 1: {"no log"}'])).toBe(
      'a/b|Running → Error: exit 1: {"no log"}',
    );
  });

  it('given one slice of a service, then it goes by the name of that', () => {
    expect(told('endpointslices', ['a/gw-4wbz5', 'gw: ready endpoints 4 → 0'])).toBe(
      'a/gw|ready endpoints 4 → 0',
    );
  });
});
