import { describe, expect, it } from 'vitest';
import { RuleNews } from '../../../src/adapters/prometheus/rule-news.ts';
import { rulesAnswer } from '../../../src/adapters/prometheus/rules-answer.ts';
import { asTheyAre } from '../../../src/adapters/prometheus/sent-labels.ts';
import { downKept, targetsAnswer } from '../../../src/adapters/prometheus/targets-answer.ts';
import { fingerprint } from '../../../src/kernel/fingerprint.ts';
import {
  alertRuleSchema,
  downTargetSchema,
  jobsKept,
  prometheusInfoSchema,
} from '../../../src/kernel/prometheus-fact.ts';
import { recordedAnswer } from '../../support/alertmanager-stage.ts';

const ruleOf = (name: string, more: object = {}) => ({
  name,
  type: 'alerting',
  labels: {},
  annotations: {},
  alerts: [],
  health: 'ok',
  lastEvaluation: '2026-11-20T03:00:31.5Z',
  ...more,
});
const groupsOf = (...rules: unknown[]) => ({ data: { groups: [{ name: 'g', file: 'f', rules }] } });

describe('rulesAnswer', () => {
  it.each([['alertmanager/41-prom-rules.json'], ['prometheus/2.42/rules-alert.json']])(
    'given %s, when read, then every rule and alert of it is there',
    (file) => {
      const answer = recordedAnswer(file);
      const read = rulesAnswer(answer, asTheyAre);
      const raw = answer.data.groups.flatMap((g: { rules: { alerts: unknown[] }[] }) => g.rules);
      expect(read?.rules.size).toBe(raw.length);
      expect(read?.alerts.size).toBe(raw.flatMap((r: { alerts: unknown[] }) => r.alerts).length);
      expect(read?.unread).toBe(0);
      for (const rule of read?.rules.values() ?? [])
        expect(alertRuleSchema.parse(rule)).toEqual(rule);
      for (const [key, alert] of read?.alerts ?? []) expect(fingerprint(alert.labels)).toBe(key);
    },
  );

  it('given a name twice in a group, when read, then each has its own key, and times are coarse', () => {
    const read = rulesAnswer(
      groupsOf(ruleOf('A'), ruleOf('A'), ruleOf('r', { type: 'recording' })),
      asTheyAre,
    );
    expect([...(read?.rules.keys() ?? [])]).toEqual(['g/A', 'g/A 2']);
    expect(read?.rules.get('g/A')?.lastEvaluation).toBe(Date.parse('2026-11-20T03:00:00Z'));
  });

  it('given a rule that was never evaluated, when read, then its time is 0', () => {
    const read = rulesAnswer(
      groupsOf(ruleOf('A', { lastEvaluation: '0001-01-01T00:00:00Z', health: 'new' })),
      asTheyAre,
    );
    expect(read?.rules.get('g/A')).toMatchObject({ lastEvaluation: 0, health: 'unknown' });
  });

  it('given the same alert pending and firing, when read, then it fires; others in other states are left out', () => {
    const alert = (state: string) => ({
      labels: { a: 'b', empty: '' },
      annotations: {},
      state,
      activeAt: '2026-11-20T03:00:00Z',
    });
    const read = rulesAnswer(
      groupsOf(
        ruleOf('A', { alerts: [alert('firing')] }),
        ruleOf('B', {
          alerts: [alert('pending'), { ...alert('inactive'), labels: { c: 'd' } }, { labels: 7 }],
        }),
      ),
      asTheyAre,
    );
    expect([...(read?.alerts.values() ?? [])]).toMatchObject([
      { state: 'firing', labels: { a: 'b' } },
    ]);
    expect(read?.unread).toBe(1);
  });

  it('given an answer of something else, when read, then it is none', () => {
    for (const answer of [null, [], {}, { data: {} }, 'x']) {
      expect(rulesAnswer(answer, asTheyAre)).toBeNull();
      expect(targetsAnswer(answer)).toBeNull();
    }
  });
});

describe('targetsAnswer', () => {
  it('given a recorded answer, when read, then targets are counted, and those that are down are named', () => {
    const read = targetsAnswer(recordedAnswer('alertmanager/42-prom-targets.json'));
    expect(read).toMatchObject({ left: 0 });
    expect(read?.down.get('dead/http://127.0.0.1:1/metrics')).toMatchObject({
      job: 'dead',
      instance: '127.0.0.1:1',
      lastError: expect.stringContaining('connection refused'),
    });
    for (const target of read?.down.values() ?? [])
      expect(downTargetSchema.parse(target)).toEqual(target);
  });

  it('given a recorded answer, when read, then each job has its totals', () => {
    expect(targetsAnswer(recordedAnswer('alertmanager/42-prom-targets.json'))?.jobs).toEqual([
      { job: 'dead', up: 0, total: 1 },
      { job: 'etcd', up: 3, total: 3 },
    ]);
  });

  it('given more jobs than are kept, when read, then those with targets that are not up stay', () => {
    const activeTargets = Array.from({ length: jobsKept + 9 }, (_, n) => ({
      health: n === jobsKept + 8 ? 'unknown' : 'up',
      labels: { job: `job-${String(n).padStart(4, '0')}` },
    }));
    const { jobs = [] } = targetsAnswer({ data: { activeTargets } }) ?? {};
    expect(jobs).toHaveLength(jobsKept);
    expect(jobs.at(-1)).toEqual({ job: `job-0${jobsKept + 8}`, up: 0, total: 1 });
    expect(jobs.at(-2)?.job).toBe(`job-00${jobsKept - 2}`);
  });

  it('given a recording from before there were totals, when its info is read, then it is one', () => {
    const info = {
      where: 'w',
      version: '',
      rules: 1,
      targets: 1,
      targetsUp: 1,
      alertmanagers: [],
      externalLabels: {},
      clockSkew: null,
    };
    expect(prometheusInfoSchema.parse(info)).toEqual(info);
  });

  it('given errors that differ in our own port, when read, then they are the same', () => {
    const at = (port: number) =>
      targetsAnswer({
        data: {
          activeTargets: [
            {
              health: 'down',
              scrapePool: 'p',
              scrapeUrl: 'u',
              lastError: `read tcp 10.0.0.1:${port}->10.0.0.2:9100: reset`,
            },
          ],
        },
      })?.down;
    expect(at(40_001)).toEqual(at(40_002));
  });

  it('given more that are down than are kept, when read, then the rest is counted', () => {
    const activeTargets = Array.from({ length: downKept + 3 }, (_, n) => ({
      health: 'down',
      scrapePool: 'p',
      scrapeUrl: `${n}`,
    }));
    expect(targetsAnswer({ data: { activeTargets } })).toMatchObject({
      targets: downKept + 3,
      up: 0,
      left: 3,
    });
  });
});

describe('RuleNews', () => {
  const at = (minute: number, more: object = {}) => {
    const lastEvaluation = new Date(Date.UTC(2026, 10, 20, 3, minute)).toISOString();
    return (
      rulesAnswer(groupsOf(ruleOf('A', { lastEvaluation, ...more })), asTheyAre)?.rules ?? new Map()
    );
  };

  it('given a rule that is evaluated on and on, when minutes pass, then that is told every ten', () => {
    const news = new RuleNews();
    const told = Array.from({ length: 25 }, (_, minute) => news.diff(at(minute)).changed.length);
    expect(told.flatMap((n, minute) => (n > 0 ? [minute] : []))).toEqual([0, 10, 20]);
  });

  it('given a rule that fails, when it is evaluated next, then it is told at once', () => {
    const news = new RuleNews();
    news.diff(at(0));
    expect(news.diff(at(1, { health: 'err', lastError: 'no' })).changed).toMatchObject([
      ['g/A', { health: 'err', lastError: 'no' }],
    ]);
  });
});
