import { describe, expect, it } from 'vitest';
import { health } from '../../src/findings/health.ts';
import { changeKey } from '../../src/views/parts/change-proof.ts';
import { proof } from '../../src/views/proof.ts';
import { placeOf } from '../../src/views/session.ts';
import { fingerprintOf } from '../support/alert-world.ts';
import { ago, now } from '../support/objects.ts';
import { contentOf, textOf, withFreshness } from '../support/scenes.ts';
import { alertedEvening, crashLabels } from '../support/view-world.ts';

const world = alertedEvening();
const shown = (args: Readonly<Record<string, string>>, of = world): string =>
  textOf(contentOf(proof, of, placeOf('proof', args), { width: 100 }));

describe('the proof of a line', () => {
  it('given a finding, then its facts stand with their source and age', () => {
    const { key } = health(world, now).findings.find((f) =>
      f.title.includes('payment-gateway'),
    ) ?? {
      key: '',
    };
    expect(shown({ finding: key })).toMatch(
      /── based on[\s\S]* deployments 4m ago\n[\s\S]*── sources ─+\n {2}✓ deployments: fresh .*just now\n {2}✓ pods: fresh/,
    );
  });

  it('given an alert, then who says so and when each was heard', () => {
    const text = shown({ alert: fingerprintOf(crashLabels(0)) });
    expect(text).toMatch(/── who says so/);
    expect(text).toMatch(/am-0 {2}has it firing.* heard just now/);
    expect(text).toMatch(/am-1 {2}has it firing.* heard 2m ago, not heard now/);
    expect(text).toMatch(/no runbook[\s\S]*no commit/);
  });

  it('given an etcd cluster, then its reasons, and when each member was heard', () => {
    const text = shown({ etcd: 'payments' });
    expect(text).toMatch(/── members, and when each was last heard/);
    expect(text).toMatch(/etcd-2: .*etcd .*ago$/m);
  });

  it('given evidence, then every source of it with its freshness', () => {
    expect(shown({ evidence: 'nodes' })).toMatch(/✓ nodes: fresh .*just now[\s\S]*leases: fresh/);
    const stale = withFreshness(world, {
      kind: 'stale',
      since: ago(120),
      why: 'watch connection lost',
      heard: ago(130),
    });
    expect(shown({ evidence: 'nodes' }, stale)).toMatch(
      /◌ nodes: stale for 2m: watch connection lost .*2m ago/,
    );
    expect(shown({ evidence: 'pods' }, withFreshness(world, null))).toContain(
      'pods: nothing heard',
    );
    expect(shown({ evidence: 'alerts' })).toMatch(/alerts am-0: fresh[\s\S]*alerts am-1: stale/);
  });

  it('given a change, then who told it, at which revision, and how that source is', () => {
    const last = world.changes.at(-1);
    const text = shown({ change: last === undefined ? '' : changeKey(last) });
    expect(text).toMatch(/told by \w+, revision \d+/);
  });

  it.each([
    [{ finding: 'nothing' }],
    [{ alert: 'nothing' }],
    [{ etcd: 'nothing' }],
    [{ evidence: 'nothing' }],
    [{ change: 'nothing' }],
    [{}],
  ])('given %o, which is no longer so, then it says that', (args) => {
    expect(shown(args)).toContain('this is no longer so');
  });
});
