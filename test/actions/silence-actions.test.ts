import { describe, expect, it } from 'vitest';
import type { ActSubject } from '../../src/kernel/act.ts';
import { sceneOf } from '../support/act-on.ts';
import { sourceAlert, withAlerts } from '../support/alert-world.ts';
import { actionOf, planFor, silenceId } from '../support/sample-acts.ts';
import { worldOf } from '../support/world-of.ts';

const alerts: ActSubject = { kind: 'alerts', cluster: '' };
const wish = { matchers: 'alertname="Down"', duration: '2h', comment: 'known, INC-7' };
const down = [sourceAlert({ alertname: 'Down', severity: 'critical' }, 60)];
/** Two that gossip, of which the first has fallen silent. */
const pair = () =>
  sceneOf(withAlerts(withAlerts(worldOf({}), 'am-0', down, { secondsAgo: 600 }), 'am-1', down));

describe('silences as actions', () => {
  it('given two that gossip, when a silence is planned, then one request, and the one that is heard first', () => {
    const plan = planFor('silence-create', alerts, wish, pair());
    expect(plan.requests).toMatchObject([{ cluster: 'am-0', sources: ['am-1', 'am-0'] }]);
    expect(plan.dangers[0]).toBe('It hides 1 open alert: Down.');
    expect(plan.typed).toBe('Down');
  });

  it('given no Alertmanager, when a silence is planned, then it is refused', () => {
    const plan = planFor('silence-create', alerts, wish, sceneOf(worldOf({})));
    expect(plan.refusals.join()).toMatch(/no Alertmanager is known/);
    expect(plan.requests).toEqual([]);
  });

  it.each([
    ['matchers', '', 'at least one'],
    ['matchers', 'alertname="Down', ''],
    ['duration', '', 'a time'],
    ['duration', '-1h', 'a time'],
    ['duration', '73h', 'at most 3d'],
    ['comment', 'x', 'words that say why'],
  ])('given %s "%s", when a silence is planned, then it is not: %s', (name, value, why) => {
    expect(() => planFor('silence-create', alerts, { ...wish, [name]: value }, pair())).toThrow(
      why,
    );
    const input = actionOf('silence-create').inputs.find((i) => i.name === name);
    expect(input?.wrong(value)).toEqual(expect.stringContaining(why));
  });

  it('given a comment with a secret in it, when it is planned, then it is not sent', () => {
    const comment = 'see https://jo:hunter2hunter2@wiki/page';
    const plan = planFor('silence-create', alerts, { ...wish, comment }, pair());
    expect(JSON.stringify(plan.requests)).not.toMatch(/hunter2/);
  });

  it('given an id that nobody has, or that is none, when it is to be ended, then not', () => {
    expect(
      planFor('silence-expire', alerts, { silence: silenceId }, pair()).refusals.join(),
    ).toMatch(/no Alertmanager is known to have/);
    for (const silence of ['', '../alerts', 'x'])
      expect(() => planFor('silence-expire', alerts, { silence })).toThrow(/id of a silence/);
  });
});
