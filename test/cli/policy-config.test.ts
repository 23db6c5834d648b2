import { describe, expect, it } from 'vitest';
import { known, unknown } from '../../src/actions/guard.ts';
import { productionClass, usualClass } from '../../src/actions/policy.ts';
import { type PolicyPlace, policyFor } from '../../src/actions/policy-settings.ts';
import { parseConfig } from '../../src/cli/config.ts';
import { parseSize } from '../../src/cli/policy-config.ts';
import { policySettings } from '../../src/cli/policy-from-config.ts';
import { hours, mib, minutes } from '../../src/kernel/units.ts';

const digest = `sha256:${'a'.repeat(64)}`;

const text = `policy:
  classes:
    - name: payments
      match: {contexts: ["prod-*"], namespaces: ["pay-*"], labels: "tier=payments"}
      logs: {since: 5m, sinceMax: 15m, bytesMax: 2Mi, override: second-person, newest: 0}
      challenge: reason
      secondPerson: [delete, "etcd-*"]
      images: ["registry.example/debug:1@${digest}"]
      rate: 2
    - name: nodes and etcd
      match: {contexts: ["prod-*"]}
      podsMax: 5
    - name: sandbox
      match: {namespaces: [sandbox]}
      base: usual
      allow: [logs, restart]
  windows:
    - {name: weekend, kind: deny, schedule: "0 18 * * FRI", duration: 2d14h, timeZone: Europe/Madrid}
  approvers:
    - {name: anna, publicKey: abc}
`;

const settingsOf = (written: string) => {
  const parsed = parseConfig(written, 'config.yaml');
  if (!parsed.ok) throw new Error(parsed.failure.message);
  return policySettings(parsed.value.policy);
};

const place = (more: Partial<PolicyPlace>): PolicyPlace => ({
  context: 'prod-eu',
  production: true,
  namespace: 'pay-cards',
  labels: known({ tier: 'payments' }),
  ...more,
});

describe('classes of the configuration', () => {
  const settings = settingsOf(text);

  it('given a place of the first class, when the policy is asked for, then what it sets holds and the rest is of production', () => {
    const policy = policyFor(settings, place({}));
    expect(policy).toEqual({
      ...productionClass,
      name: 'payments',
      logs: {
        ...productionClass.logs,
        since: minutes(5),
        sinceMax: minutes(15),
        bytesMax: mib(2),
        override: 'second-person',
        newest: 0,
      },
      challenge: { kind: 'reason', least: 10 },
      secondPerson: ['delete', 'etcd-*'],
      images: [`registry.example/debug:1@${digest}`],
      rate: 2,
    });
  });

  it.each([
    ['other labels', { labels: known({ tier: 'web' }) }, 'nodes and etcd'],
    ['another namespace', { namespace: 'web' }, 'nodes and etcd'],
    ['no namespace', { namespace: '' }, 'nodes and etcd'],
    ['another context', { context: 'dev', production: false }, 'usual'],
    ['another context and a namespace', { context: 'dev', namespace: 'sandbox' }, 'sandbox'],
  ] as const)('given %s, when the policy is asked for, then it is another one', (_, more, name) => {
    expect(policyFor(settings, place(more)).name).toBe(name);
  });

  it('given labels that are not known, when a class depends on them, then nothing is allowed', () => {
    const policy = policyFor(settings, place({ labels: unknown('namespaces may not be listed') }));
    expect(policy.deny).toEqual(['*']);
    expect(policy.name).toContain('the labels of pay-cards are not known');
    const elsewhere = place({ labels: unknown(''), namespace: 'web' });
    expect(policyFor(settings, elsewhere).name).toBe('nodes and etcd');
  });

  it('given a class with a base, when it is in production, then it starts from the base', () => {
    const policy = policyFor(settings, place({ context: 'x', namespace: 'sandbox' }));
    expect(policy).toEqual({ ...usualClass, name: 'sandbox', allow: ['logs', 'restart'] });
  });

  it('given no policy, when it is asked for, then production is careful and the rest is usual', () => {
    const none = settingsOf('theme: dark\n');
    expect(policyFor(none, place({}))).toBe(productionClass);
    expect(policyFor(none, place({ production: false }))).toBe(usualClass);
  });

  it('given a window and an approver, when they are read, then they are as written', () => {
    expect(settings.windows[0]).toMatchObject({ name: 'weekend', kind: 'deny', actions: [] });
    expect(settings.windows[0]?.schedule).toMatchObject({
      ok: true,
      value: { duration: hours(62), zone: { name: 'Europe/Madrid' } },
    });
    expect(settings.approvers).toEqual([{ name: 'anna', publicKey: 'abc' }]);
  });
});

describe('a policy that cannot be meant', () => {
  const cases: readonly (readonly [string, string, RegExp])[] = [
    [
      'a schedule with Sunday as 7',
      'policy:\n  windows:\n  - name: a\n    kind: deny\n    schedule: "0 0 * * 7"\n    duration: 1h\n',
      /config\.yaml:3: policy\.windows\.0: .*7 is above 6/,
    ],
    [
      'a schedule that never comes',
      'policy:\n  windows:\n  - {name: a, kind: deny, schedule: "0 0 30 2 *", duration: 1h}\n',
      /never comes/,
    ],
    [
      'a zone that there is not',
      'policy:\n  windows:\n  - {name: a, kind: deny, schedule: "0 0 * * *", duration: 1h, timeZone: Mars/Olympus}\n',
      /there is no time zone Mars\/Olympus/,
    ],
    [
      'a duration that is none',
      'policy:\n  windows:\n  - {name: a, kind: deny, schedule: "0 0 * * *", duration: soon}\n',
      /'soon' is no time/,
    ],
    [
      'a selector that is none',
      'policy:\n  classes:\n  - name: a\n    match:\n      labels: "a=b=c"\n',
      /config\.yaml:5: policy\.classes\.0\.match\.labels/,
    ],
    [
      'an image without a digest',
      'policy:\n  classes:\n  - {name: a, images: ["busybox:1"]}\n',
      /with its digest/,
    ],
    ['a size that is none', 'policy:\n  classes:\n  - {name: a, logs: {bytesMax: 2MB}}\n', /2Mi/],
    [
      'a default beyond the maximum',
      'policy:\n  classes:\n  - {name: a, logs: {since: 2h, sinceMax: 1h}}\n',
      /more than sinceMax/,
    ],
    ['two classes of a name', 'policy:\n  classes: [{name: a}, {name: a}]\n', /two classes a/],
    [
      'a misspelt key deep inside',
      'policy:\n  classes:\n  - name: a\n    logs:\n      sinceMx: 1h\n',
      /config\.yaml:5: unknown key "sinceMx"; did you mean "sinceMax"\?/,
    ],
  ];

  it.each(cases)('given %s, when it is read, then it is refused', (_, written, message) => {
    const parsed = parseConfig(written, 'config.yaml');
    expect(parsed.ok ? '' : parsed.failure.message).toMatch(message);
  });

  it.each([
    ['2Mi', 2 << 20],
    ['1.5Ki', 1536],
    ['100', 100],
    ['0', null],
    ['2MB', null],
    ['-1Mi', null],
    ['', null],
  ])('given the size %j, when it is read, then it is %j', (written, size) => {
    expect(parseSize(written)).toBe(size);
  });
});
