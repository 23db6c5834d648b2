import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seconds } from '../../../src/kernel/units.ts';
import {
  type AlertmanagerStage,
  alertmanagerStage,
  groupsPath,
  hex,
  rawAlert,
  rawGroup,
} from '../../support/alertmanager-stage.ts';
import { json, type MonitoringAnswer } from '../../support/scripted-monitoring.ts';

describe('an Alertmanager that does not answer as it should', () => {
  let stage: AlertmanagerStage;
  beforeEach(async () => {
    stage = await alertmanagerStage();
  });
  afterEach(() => stage.close());

  it.each<[string, MonitoringAnswer, object]>([
    [
      '401',
      { kind: 'raw', status: 401, headers: {}, body: 'Unauthorized' },
      { kind: 'unauthorized' },
    ],
    [
      '403',
      { kind: 'raw', status: 403, headers: {}, body: '' },
      { kind: 'forbidden', message: 'it answers HTTP 403' },
    ],
    [
      '404',
      { kind: 'raw', status: 404, headers: {}, body: '' },
      { kind: 'absent', hint: expect.stringContaining('prefix') },
    ],
    [
      'a redirect',
      { kind: 'raw', status: 302, headers: { location: 'https://sso/?secret=1' }, body: '' },
      { kind: 'unauthorized', hint: expect.stringContaining('login page') },
    ],
    [
      'a web page',
      {
        kind: 'raw',
        status: 200,
        headers: { 'content-type': 'text/html' },
        body: '<!doctype html><title>Log in</title>',
      },
      { kind: 'undecodable', message: 'it answers with a web page instead of JSON' },
    ],
    [
      'text',
      { kind: 'raw', status: 200, headers: { 'content-type': 'text/plain' }, body: 'OK' },
      { kind: 'undecodable', message: 'it answers with text/plain instead of JSON' },
    ],
    [
      'truncated JSON',
      {
        kind: 'raw',
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: '[{"labels":{"a"',
      },
      { message: 'the answer ends in the middle' },
    ],
    [
      'an answer of something else',
      json({ items: [] }),
      { message: 'it answers, but not as an Alertmanager does' },
    ],
    ['a cut connection', { kind: 'cut', body: '[{' }, { kind: 'unreachable' }],
    [
      'a 500 of Alertmanager',
      { kind: 'raw', status: 500, headers: {}, body: '"\\u001b[31mdisk\\nfull"' },
      { kind: 'broken', message: 'disk full' },
    ],
  ])(
    'given %s, when asked, then it is told once, alerts stay, and what comes after is listed anew',
    async (_, answer, expected) => {
      stage.server.answers.set(groupsPath, json([rawGroup('a', {}, rawAlert(1))]));
      stage.watch();
      await stage.roundEnds(1);
      stage.told.forget();
      stage.server.answers.set(groupsPath, answer);
      await stage.nextRound();
      await stage.nextRound();
      expect(stage.told.signals).toEqual([
        { kind: 'failed', scope: 'main', failure: expect.objectContaining(expected) },
      ]);
      expect(JSON.stringify(stage.told.signals)).not.toContain('secret');
      stage.told.forget();
      stage.server.answers.set(groupsPath, json([rawGroup('a', {}, rawAlert(1))]));
      await stage.nextRound(9.6);
      expect(stage.told.signals).toEqual([
        {
          kind: 'observed',
          scope: 'main',
          data: { kind: 'listed', id: 'listed', fingerprints: [hex(1)], silences: [] },
        },
        { kind: 'synced', scope: 'main' },
      ]);
    },
  );

  it('given one that says nothing, when ten seconds are over, then that is told', async () => {
    stage.server.answers.set(groupsPath, { kind: 'silent' });
    stage.watch();
    await stage.told.until('it is asked', () => stage.rounds() === 1);
    await stage.clock.advance(seconds(10));
    await stage.told.until('it has failed', () => stage.told.kinds().includes('failed'));
    expect(stage.told.signals).toMatchObject([
      { kind: 'gap' },
      { kind: 'failed', failure: { kind: 'timeout' } },
    ]);
  });

  it('given silences that cannot be read, when alerts can, then they are told, and the failure', async () => {
    stage.server.answers.delete('/api/v2/silences');
    stage.server.answers.set(groupsPath, json([rawGroup('a', {}, rawAlert(1))]));
    stage.watch();
    await stage.roundEnds(1);
    expect(stage.told.data().map((d) => d.kind)).toEqual(['source', 'alert']);
    expect(stage.told.signals.at(-1)).toMatchObject({
      kind: 'failed',
      failure: { on: '/api/v2/silences' },
    });
  });

  it('given entries that make no sense, when read, then the others are told, and that some are missing', async () => {
    stage.server.answers.set(
      groupsPath,
      json([rawGroup('a', {}, rawAlert(1), { labels: 3 }, null), 7]),
    );
    stage.watch();
    await stage.roundEnds(1);
    expect(stage.told.data().filter((d) => d.kind === 'alert')).toHaveLength(1);
    expect(stage.told.signals.at(-1)).toEqual({
      kind: 'gap',
      scope: 'main',
      why: '3 of its entries cannot be read',
    });
  });

  it('given an answer of more than 64 MiB, when read, then it is a failure that says so', async () => {
    const body = `[${' '.repeat(65 << 20)}]`;
    const headers = { 'content-type': 'application/json' };
    stage.server.answers.set(groupsPath, { kind: 'raw', status: 200, headers, body });
    stage.watch();
    await stage.told.until('it has failed', () => stage.told.kinds().includes('failed'));
    expect(stage.told.signals).toMatchObject([
      { kind: 'gap' },
      { failure: { message: expect.stringContaining('longer than 64') } },
    ]);
  });

  it('given attention that goes and comes, when time passes, then it is asked every 15 s, at once, and every 5 s', async () => {
    stage.attention.set(false);
    stage.watch();
    await stage.roundEnds(1);
    await stage.clock.advance(seconds(14));
    expect(stage.rounds()).toBe(1);
    await stage.clock.advance(seconds(1));
    await stage.roundEnds(2);
    await stage.clock.advance(seconds(3));
    stage.attention.set(true);
    await stage.roundEnds(3);
    await stage.nextRound();
    expect(stage.rounds()).toBe(4);
  });

  it('given one that is gone for long, when time passes, then it is asked ever less, at last once a minute', async () => {
    stage.server.answers.delete(groupsPath);
    stage.watch();
    await stage.roundEnds(1);
    const gaps: number[] = [];
    for (let n = 1; n <= 6; n += 1) {
      const began = stage.clock.now();
      while (stage.rounds() === n) {
        await stage.clock.advance(seconds(1));
        await stage.told.until('it rests', () => stage.attention.resting === 1);
      }
      gaps.push(Math.round((stage.clock.now() - began) / 1000));
    }
    expect(gaps).toEqual([5, 10, 19, 38, 58, 58]);
    expect(stage.told.kinds()).toEqual(['gap', 'failed']);
  });
});
