import { describe, expect, it } from 'vitest';
import { type WatchDeps, watchStep } from '../../src/cli/watch-step.ts';
import { health } from '../../src/findings/health.ts';
import type { RunAlert } from '../../src/kernel/run-fact.ts';
import { seconds } from '../../src/kernel/units.ts';
import type { World } from '../../src/kernel/world.ts';
import { planLines } from '../../src/runbooks/machine/plan-lines.ts';
import { parseRunbook } from '../../src/runbooks/parse-runbook.ts';
import type { Plan } from '../../src/runbooks/plan.ts';
import { sourceAlert, withAlerts } from '../support/alert-world.ts';
import { quorumLost, wellMembers, withEtcd } from '../support/etcd-world.ts';
import { FakeClock, settle } from '../support/fake-clock.ts';
import { now } from '../support/objects.ts';
import { worldOf } from '../support/world-of.ts';

const watchOf = (line: string): Extract<Plan, { kind: 'watch' }> => {
  const text = `# T\n\n## S\n\n\`\`\`sh {type=watch timeout=3s}\n${line}\n\`\`\`\n`;
  const plan = parseRunbook(text, 't.md').runbook.steps[0]?.tasks[0]?.plan;
  if (plan?.kind !== 'watch') throw new Error(`${line} is no watch`);
  return plan;
};

const stage = (world: World, alert: RunAlert | null = null) => {
  const clock = new FakeClock(now);
  const state = { world };
  const deps: WatchDeps = {
    clock,
    world: () => state.world,
    namespace: '',
    alert,
    query: () => Promise.reject(new Error('nothing is queried')),
  };
  const { signal } = new AbortController();
  return { clock, state, run: (line: string) => watchStep(deps, watchOf(line), signal) };
};

const alertOf = (fingerprint: string): RunAlert => ({
  fingerprint,
  name: 'etcdInsufficientMembers',
  labels: {},
  annotations: {},
});

describe('waiting for the world', () => {
  it.each([
    ['quorum', 'every watched etcd has a quorum'],
    ['quorum payments', 'etcd payments has a quorum'],
    ['healed', 'what explains the alert is not broken any more'],
    ['healed etcd/payments', 'etcd/payments is not broken any more'],
  ])('given %s, then the plan says in words what is waited for', (line, words) => {
    expect(planLines(watchOf(line))).toEqual([`wait until ${words}, at most 3s`]);
  });

  it('given a lost quorum, when it is back, then the step ends by itself', async () => {
    const { run, clock, state } = stage(withEtcd(worldOf({}), quorumLost()));
    const running = run('quorum');
    await settle();
    state.world = withEtcd(worldOf({}), wellMembers());
    await clock.advance(seconds(1));
    expect(await running).toMatchObject({
      exit: 'ok',
      lines: ['payments: 3 of 3 members take part'],
    });
  });

  it('given an etcd that nobody watches, when the time is up, then it was never taken for well', async () => {
    const { run, clock } = stage(withEtcd(worldOf({}), wellMembers()));
    const running = run('quorum other');
    for (let n = 0; n < 4; n += 1) {
      await settle();
      await clock.advance(seconds(1));
    }
    expect(await running).toMatchObject({
      exit: 'failed',
      lines: ['time is up: no members of etcd are asked'],
    });
  });

  it.each(['healed', 'healed etcd/payments'])(
    'given %s while the quorum is lost, when it is back, then the step ends by itself',
    async (line) => {
      const firing = sourceAlert({ alertname: 'etcdInsufficientMembers', job: 'payments' }, 120);
      const lost = withAlerts(withEtcd(worldOf({}), quorumLost()), 'am-0', [firing]);
      const { findings, alerts } = health(lost, now);
      const [item] = alerts.items.filter(({ finding }) => finding !== null);
      expect(findings.map(({ key }) => key)).toContain('etcd/payments');
      expect(item?.finding).toBe('etcd/payments');
      const { run, clock, state } = stage(lost, alertOf(item?.key ?? ''));
      const running = run(line);
      await settle();
      state.world = withAlerts(withEtcd(worldOf({}), wellMembers()), 'am-0', []);
      await clock.advance(seconds(1));
      expect(await running).toMatchObject({ exit: 'ok', lines: ['it is not found any more'] });
    },
  );

  it('given no alert, or one that nothing broken explains, then it says so at once', async () => {
    expect(await stage(worldOf({})).run('healed')).toMatchObject({
      exit: 'failed',
      lines: ['no alert has led to this run', 'look yourself, and tick it off'],
    });
    expect(await stage(worldOf({}), alertOf('f')).run('healed')).toMatchObject({
      exit: 'failed',
      lines: [
        'nothing that is found broken explains etcdInsufficientMembers now',
        'look yourself, and tick it off',
      ],
    });
  });
});
