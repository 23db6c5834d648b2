import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainText } from '../../../src/kernel/text.ts';
import { groupWords, repeatsName } from '../../../src/views/parts/group-words.ts';

describe('what a group of alerts is about, by its labels', () => {
  it.each([
    ['{job="payments-etcd", namespace="kube-system"}', 'kube-system/payments-etcd'],
    ['{alertname="KubePodCrashLooping", namespace="web"}', 'namespace web'],
    ['{alertname="A", severity="critical"}', 'severity critical'],
    ['{instance="10.0.0.1:9100", job="node"}', '10.0.0.1:9100, job node'],
    ['{node="a\\"b"}', 'a\\"b'],
    ['{alertname="A"}', ''],
    ['=A', ''],
    ['', ''],
    ['other', ''],
  ])('given %s, then it is %j', (group, words) => {
    expect(groupWords(group)).toBe(words);
  });

  it('given anything, then it is short and harmless, and soon done', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        const words = groupWords(`{a="${a}", namespace="${b}"}`);
        expect(words).toBe(plainText(words));
        expect(words.length).toBeLessThanOrEqual(80);
      }),
    );
    expect(groupWords(`{a="${'\\'.repeat(500_000)}`)).toBe('');
  });
});

describe('a sentence beside a name', () => {
  it.each([
    ['A pod crash-loops.', 'KubePodCrashLooping', true],
    ['A node is not ready.', 'KubeNodeNotReady', true],
    ['The etcd members are down', 'etcdMembersDown', true],
    ['Members of an etcd cluster do not answer.', 'etcdMembersDown', false],
    ['A pod crash-loops: payment-gateway', 'KubePodCrashLooping', false],
    ['', 'A', true],
  ])('given %j and %s, then that it says no more is %s', (sentence, name, repeats) => {
    expect(repeatsName(sentence, name)).toBe(repeats);
  });
});
