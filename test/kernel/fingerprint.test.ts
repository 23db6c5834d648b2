import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprint } from '../../src/kernel/fingerprint.ts';

const recorded = (file: string) =>
  JSON.parse(readFileSync(new URL(`../fixtures/alertmanager/${file}`, import.meta.url), 'utf8'));

interface Recorded {
  readonly fingerprint: string;
  readonly labels: Readonly<Record<string, string>>;
}

const alerts: readonly Recorded[] = [
  ...recorded('05-alerts.json').body,
  ...recorded('14-alerts-silenced.json').body,
  ...recorded('15-alerts-inhibited.json').body,
  ...recorded('06-alerts-groups.json').body.flatMap(
    (group: { alerts: Recorded[] }) => group.alerts,
  ),
  ...recorded('0.25/05-alerts.json').body,
  ...recorded('30-webhook-firing.json').body.alerts,
  ...recorded('31-webhook-resolved.json').body.alerts,
];

const mask = (1n << 64n) - 1n;
/** The definition, in big integers. */
const slowly = (labels: Readonly<Record<string, string>>): string => {
  const names = Object.keys(labels).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  let sum = 14695981039346656037n;
  const add = (byte: number) => {
    sum = ((sum ^ BigInt(byte)) * 1099511628211n) & mask;
  };
  for (const text of names.flatMap((name) => [name, labels[name] as string])) {
    for (const byte of Buffer.from(text)) add(byte);
    add(255);
  }
  return sum.toString(16).padStart(16, '0');
};

describe('fingerprint', () => {
  it('given recorded alerts, when computed from their labels, then it is what Alertmanager says', () => {
    expect(alerts.length).toBeGreaterThan(10);
    for (const { labels, fingerprint: said } of alerts) expect(fingerprint(labels)).toBe(said);
  });

  it('given any labels in any order, when computed, then it is the hash by its definition', () => {
    const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(fc.dictionary(text, text, { maxKeys: 8 }), (labels) => {
        const reversed = Object.fromEntries(Object.entries(labels).reverse());
        expect(fingerprint(labels)).toBe(slowly(labels));
        expect(fingerprint(reversed)).toBe(fingerprint(labels));
      }),
    );
  });

  it('given no labels, when computed, then it is the offset of the hash', () => {
    expect(fingerprint({})).toBe('cbf29ce484222325');
  });
});
