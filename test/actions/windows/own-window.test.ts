import { describe, expect, it } from 'vitest';
import {
  type OwnWindow,
  ownWord,
  readOwnSchedule,
  windowsAbout,
} from '../../../src/actions/windows/own-window.ts';
import { epochMs } from '../../../src/kernel/units.ts';

const at = (text: string) => epochMs(Date.parse(text));

const window = (
  kind: 'allow' | 'deny',
  schedule: string,
  duration: string,
  timeZone = 'Europe/Madrid',
  more: Partial<OwnWindow> = {},
): OwnWindow => ({
  name: `${kind} ${schedule}`,
  kind,
  schedule: readOwnSchedule({ schedule, duration, timeZone }),
  contexts: [],
  namespaces: [],
  actions: [],
  ...more,
});

const said = (windows: readonly OwnWindow[], time: string) => {
  const word = ownWord(windows, at(time));
  return word === null
    ? null
    : [word.allowed, word.changesAt === null ? null : new Date(word.changesAt).toISOString()];
};

describe('windows of the configuration', () => {
  const night = window('deny', '0 22 * * *', '8h');

  it.each([
    ['2026-11-23T20:59:59Z', true, '2026-11-23T21:00:00.000Z'],
    ['2026-11-23T21:00:00Z', false, '2026-11-24T05:00:00.000Z'],
    ['2026-11-24T04:59:59Z', false, '2026-11-24T05:00:00.000Z'],
    ['2026-11-24T05:00:00Z', true, '2026-11-24T21:00:00.000Z'],
  ])(
    'given a night without changes, when it is %s, then allowed is %s until %s',
    (time, ...then) => {
      expect(said([night], time)).toEqual(then);
    },
  );

  it.each([
    [
      'spring, when the night is an hour shorter',
      '2026-03-28T22:00:00Z',
      '2026-03-29T04:00:00.000Z',
    ],
    ['autumn, when it is an hour longer', '2026-10-24T23:00:00Z', '2026-10-25T05:00:00.000Z'],
  ])('given a night of %s, when it ends, then it is six by the clocks there', (_, time, end) => {
    expect(said([night], time)).toEqual([false, end]);
  });

  it('given a window that begins in the hour that is skipped, when it begins, then with the change', () => {
    const skipped = window('deny', '30 2 * * *', '2h');
    expect(said([skipped], '2026-03-29T00:30:00Z')).toEqual([true, '2026-03-29T01:00:00.000Z']);
    expect(said([skipped], '2026-03-29T01:00:00Z')).toEqual([false, '2026-03-29T02:30:00.000Z']);
  });

  it('given an hour that comes twice, when a deny window is in it, then it is closed both times; an allow window opens late', () => {
    const time = '2026-10-25T00:30:00Z';
    expect(said([window('deny', '30 2 * * *', '15m')], time)).toEqual([
      false,
      '2026-10-25T01:45:00.000Z',
    ]);
    expect(said([window('allow', '30 2 * * *', '1h')], time)?.[0]).toBe(false);
    expect(said([window('allow', '30 2 * * *', '1h')], '2026-10-25T01:30:00Z')).toEqual([
      true,
      '2026-10-25T02:30:00.000Z',
    ]);
  });

  it('given windows that meet, when one ends, then the other has begun, and nothing opens between them', () => {
    const hourly = window('deny', '0 * * * *', '1h', 'UTC');
    expect(said([hourly], '2026-11-23T10:00:00Z')).toEqual([false, null]);
    const two = [
      window('deny', '0 8 * * *', '2h', 'UTC'),
      window('deny', '0 10 * * *', '1h', 'UTC'),
    ];
    expect(said(two, '2026-11-23T09:00:00Z')).toEqual([false, '2026-11-23T11:00:00.000Z']);
  });

  it('given allow windows, when none is open, then it is closed until one is, and a deny window beats them', () => {
    const office = window('allow', '0 9 * * 1-5', '8h');
    const lunch = window('deny', '0 12 * * *', '1h');
    expect(said([office], '2026-11-21T12:00:00Z')).toEqual([false, '2026-11-23T08:00:00.000Z']);
    expect(said([office, lunch], '2026-11-23T10:00:00Z')).toEqual([
      true,
      '2026-11-23T11:00:00.000Z',
    ]);
    expect(said([office, lunch], '2026-11-23T11:30:00Z')).toEqual([
      false,
      '2026-11-23T12:00:00.000Z',
    ]);
  });

  it('given a window over a change of years ahead, when it is asked, then days are those of the clocks', () => {
    const weekend = window('deny', '0 18 * * FRI', '2d14h');
    expect(said([weekend], '2026-10-24T12:00:00Z')).toEqual([false, '2026-10-26T07:00:00.000Z']);
  });

  it('given a window that cannot be read, when it is asked, then it is closed, and says so', () => {
    const word = ownWord([window('allow', 'every tuesday', '1h')], at('2026-11-23T12:00:00Z'));
    expect(word).toMatchObject({ allowed: false, changesAt: null });
    expect(word?.why).toContain('it cannot be read');
  });

  it('given no window, when it is asked, then there is no word', () => {
    expect(ownWord([], at('2026-11-23T12:00:00Z'))).toBeNull();
  });

  it('given places and actions, when windows about them are looked for, then those are found', () => {
    const all = [
      window('deny', '0 0 * * *', '1h', 'UTC', { name: 'prod', contexts: ['prod-*'] }),
      window('deny', '0 0 * * *', '1h', 'UTC', { name: 'pay', namespaces: ['pay-*'] }),
      window('deny', '0 0 * * *', '1h', 'UTC', { name: 'etcd', actions: ['etcd-*'] }),
    ];
    const names = (context: string, namespace: string, action: string) =>
      windowsAbout(all, { context, namespace, action }).map((w) => w.name);
    expect(names('prod-eu', 'pay-cards', 'scale')).toEqual(['prod', 'pay']);
    expect(names('dev', '', 'etcd-defrag')).toEqual(['etcd']);
    expect(names('dev', '', 'cordon')).toEqual([]);
  });
});
