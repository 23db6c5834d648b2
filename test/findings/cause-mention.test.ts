import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placesIn } from '../../src/findings/cause-mention.ts';

const said = (message: string): readonly string[] =>
  placesIn(message).map(({ host, port }) => (port === '' ? host : `${host}:${port}`));

describe('addresses in a message', () => {
  it.each<[string, readonly string[]]>([
    [
      'failed to connect to etcd: context deadline exceeded (payments-etcd.kube-system.svc: 10.88.0.1:12379, 10.88.0.1:12479)',
      ['payments-etcd.kube-system.svc', '10.88.0.1:12379', '10.88.0.1:12479'],
    ],
    ['dial tcp: lookup redis on 10.96.0.10:53: no such host', ['redis', '10.96.0.10:53']],
    ['Get "https://Ledger:8443/healthz": EOF', ['ledger:8443']],
    ['Get http://ledger/healthz: EOF', ['ledger']],
    ['dial tcp [::1]:2379: connect: connection refused', ['[::1]:2379']],
    ['cannot reach payments-etcd.', ['payments-etcd']],
    ['dial tcp 10.88.0.1:2379: connect: connection refused', ['10.88.0.1:2379']],
    ['it was etcd-0.etcd:2379.', ['etcd-0.etcd:2379']],
    ['out of memory', []],
    ['21:43:07 panic: runtime error', []],
    ['', []],
  ])('given %s', (message, expected) => {
    expect(said(message)).toEqual(expected);
  });

  it('given any text, then it is bounded, and everything found stands in it', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 6000, unit: 'grapheme' }), (text) => {
        const found = placesIn(text);
        expect(found.length).toBeLessThanOrEqual(32);
        for (const { host } of found) expect(text.toLowerCase()).toContain(host);
      }),
    );
  });

  it.each([
    'a.'.repeat(2_000_000),
    '['.repeat(2_000_000),
    'a-'.repeat(2_000_000),
    `${'9'.repeat(2_000_000)}:`,
  ])('given megabytes meant to cost time, then no more than the beginning is read', (text) => {
    expect(placesIn(text).length).toBeLessThanOrEqual(32);
  });
});
