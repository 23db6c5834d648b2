import { describe, expect, it } from 'vitest';
import { requestText } from '../../src/actions/request-text.ts';
import type { SavedFile } from '../../src/adapters/effects/saved-file.ts';
import type { Found } from '../../src/cli/found.ts';
import { type FoundNowDeps, foundNow } from '../../src/cli/found-now.ts';
import type { EffectRequest } from '../../src/kernel/act.ts';
import type { ToldAct } from '../../src/kernel/act-fact.ts';
import type { Silence } from '../../src/kernel/alert-fact.ts';
import { failed, failure, ok, type Result } from '../../src/kernel/failure.ts';
import { epochMs } from '../../src/kernel/units.ts';
import { emptyWorld } from '../../src/kernel/world.ts';

const never = new AbortController().signal;
const refused = failed(failure('unreachable', 'ask', 'connection refused'));
const [one, two] = ['https://10.0.0.1:2379', 'https://10.0.0.2:2379'] as const;
const start = Date.parse('2026-11-23T08:00:00Z');
const at = (minutes: number): string => new Date(start + minutes * 60_000).toISOString();

const deps = (
  more: Partial<FoundNowDeps['looks']> = {},
  file: SavedFile = { kind: 'none' },
): FoundNowDeps => ({
  read: async () => refused,
  world: () => emptyWorld,
  looks: {
    silences: async () => refused,
    etcdStatus: async () => refused,
    etcdCompaction: async () => refused,
    ...more,
  },
  file: async () => ok(file),
  endpoints: () => [one, two],
  now: () => epochMs(start + 3_600_000),
});

const look = (
  with_: FoundNowDeps,
  requests: readonly EffectRequest[],
  more: Partial<ToldAct<'asked'>> = {},
): Promise<Found> =>
  foundNow(with_)(
    {
      kind: 'asked',
      effect: 'write',
      subject: { kind: 'etcd', cluster: 'main', member: '' },
      requests: requests.map(requestText),
      ...more,
    } as ToldAct<'asked'>,
    never,
  );

const told = (text: string): Found => ({ kind: 'told', text });
const laterOn: Found = { kind: 'later', why: 'connection refused' };

const etcd = (path: string, body: object, endpoint: string = one): EffectRequest => ({
  kind: 'etcd',
  cluster: 'main',
  endpoint,
  path,
  body: JSON.stringify(body),
});

const status = (more: object = {}): string =>
  JSON.stringify({
    header: { cluster_id: '7', member_id: '1', revision: '900' },
    leader: '1',
    dbSize: '20971520',
    dbSizeInUse: '1048576',
    ...more,
  });

describe('what is there now in etcd', () => {
  const compact = [etcd('/v3/kv/compaction', { revision: '800', physical: true })];
  const says = (revision: string) =>
    deps({
      etcdCompaction: async () => ok(`etcd_debugging_mvcc_compact_revision ${revision}`),
    });

  it.each([
    ['800', 'history before revision 800 is gone, as it was asked for, up to 800'],
    ['850', 'history before revision 850 is gone, as it was asked for, up to 800'],
    ['1.2e+06', 'history before revision 1200000 is gone, as it was asked for, up to 800'],
    ['799', 'history is compacted to revision 799 only, not to 800 as it was asked for'],
    ['-1', 'history is compacted to revision 0 only, not to 800 as it was asked for'],
  ])(
    'given a compaction and a member that is compacted to %s, then %s',
    async (revision, words) => {
      expect(await look(says(revision), compact)).toEqual(told(words));
    },
  );

  it('given a member that does not say how far it is compacted, then nothing is claimed', async () => {
    const silent = deps({ etcdCompaction: async () => ok('') });
    expect(await look(silent, compact)).toEqual(
      told(
        'what came of it cannot be known: etcd does not say up to which revision it is compacted',
      ),
    );
  });

  it('given a member that is down, then another one is asked; given none that answers, it is left for later', async () => {
    const asked: string[] = [];
    const second = deps({
      etcdCompaction: async (_, endpoint): Promise<Result<string>> => {
        asked.push(endpoint);
        return endpoint === two ? ok('etcd_debugging_mvcc_compact_revision 800') : refused;
      },
    });
    expect(await look(second, compact)).toMatchObject({ text: expect.stringMatching(/is gone/) });
    expect(asked).toEqual([one, two]);
    expect(await look(deps(), compact)).toEqual(laterOn);
  });

  it.each([
    ['1', 'member 1 leads now, not 2 as it was asked for'],
    ['2', 'member 2 leads now, as it was asked for'],
    ['0', 'no member leads now; 2 was to lead'],
  ])('given leadership that was to move to 2, when %s leads, then %s', async (leader, words) => {
    const move = [etcd('/v3/maintenance/transfer-leadership', { targetID: '2' })];
    const answers = deps({ etcdStatus: async () => ok(status({ leader })) });
    expect(await look(answers, move)).toEqual(told(words));
  });

  it('given alarms that were to be taken back, then each is told by its member', async () => {
    const disarm = ['1', '2'].map((memberID) =>
      etcd('/v3/maintenance/alarm', { action: 'DEACTIVATE', memberID, alarm: 'NOSPACE' }),
    );
    const errors = ['memberID:2 alarm:NOSPACE '];
    const answers = deps({ etcdStatus: async () => ok(status({ errors })) });
    expect(await look(answers, disarm)).toEqual(
      told(
        'NOSPACE of member 1 is not raised, as it was asked for; NOSPACE of member 2 is raised, not as it was asked for',
      ),
    );
  });

  it('given a defragmentation, then sizes, and that whether it was done cannot be known', async () => {
    const turns = [one, two].flatMap((endpoint) => [
      etcd('/v3/maintenance/status', {}, endpoint),
      etcd('/v3/maintenance/defragment', {}, endpoint),
    ]);
    const answers = deps({
      etcdStatus: async (_, endpoint) => (endpoint === one ? ok(status()) : refused),
    });
    expect(await look(answers, turns)).toEqual(
      told(
        '10.0.0.1:2379 has 20 MiB on disk, 1 MiB of it in use; 10.0.0.2:2379 does not answer; whether it was defragmented cannot be known: etcd keeps no note of it',
      ),
    );
    expect(await look(deps(), turns)).toEqual(laterOn);
  });

  it.each([
    [{ kind: 'whole', bytes: 2_097_152 }, '/var/tmp/etcd.db is there and whole, 2 MiB'],
    [
      { kind: 'partial' },
      '/var/tmp/etcd.db.partial is there, unfinished: remove it; nothing was changed in etcd',
    ],
    [
      { kind: 'none' },
      'there is no /var/tmp/etcd.db: no snapshot was saved, and nothing was changed in etcd',
    ],
  ] as const)('given a snapshot and a file that is %j, then %s', async (file, words) => {
    const save: EffectRequest = {
      kind: 'etcd-snapshot',
      cluster: 'main',
      endpoint: one,
      path: '/var/tmp/etcd.db',
    };
    expect(await look(deps({}, file), [save], { effect: 'read' })).toEqual(told(words));
  });
});

describe('what is there now of silences', () => {
  const matchers = [{ name: 'alertname', value: 'Down', isRegex: false, isEqual: true }];
  const create = (source: string): EffectRequest => ({
    kind: 'alertmanager',
    cluster: source,
    sources: [source],
    method: 'POST',
    path: '/api/v2/silences',
    body: JSON.stringify({
      matchers,
      startsAt: at(0),
      endsAt: at(120),
      createdBy: 'ana',
      comment: 'known, INC-7',
    }),
  });
  const silence = (more: Partial<Silence> = {}): Silence => ({
    id: 'id-1',
    state: 'active',
    matchers,
    author: 'ana',
    comment: 'known, INC-7',
    startsAt: start + 40_000,
    endsAt: start + 7_200_000,
    ...more,
  });
  const holding = (...silences: Silence[]) =>
    deps({ silences: async () => ok(new Map(silences.map((s) => [s.id, s]))) });
  const subject = { subject: { kind: 'alerts', cluster: '' } } as const;
  const none = told('am has no such silence, by creator, matchers, comment and start');

  it('given one like it that has come a little later, then its id, and until when', async () => {
    expect(
      await look(
        holding(silence({ id: 'other', author: 'ben' }), silence()),
        [create('am')],
        subject,
      ),
    ).toEqual(
      told('am has it, as it was asked for: silence id-1 (active until 2026-11-23 10:00 UTC)'),
    );
  });

  it('given one that was ended since, then it was made', async () => {
    const over = silence({ state: 'expired', endsAt: start + 600_000 });
    expect(await look(holding(over), [create('am')], subject)).toMatchObject({
      text: expect.stringContaining('silence id-1 (ended at 2026-11-23 08:10 UTC)'),
    });
  });

  it.each([
    ['nobody', {}, true],
    ['another creator', { author: 'ben' }, false],
    ['another reason', { comment: 'else' }, false],
    ['other matchers', { matchers: [] }, false],
    [
      'a matcher that excludes',
      { matchers: matchers.map((m) => ({ ...m, isEqual: false })) },
      false,
    ],
    ['an earlier start', { startsAt: start - 600_000 }, false],
    ['a start much later', { startsAt: start + 3_600_000 }, false],
    ['a later end', { endsAt: start + 99_000_000 }, false],
  ] as const)('given one that differs by %s, then it is the one: %s', async (_, more, same) => {
    const found = await look(holding(silence(more)), [create('am')], subject);
    if (same) expect(found).not.toEqual(none);
    else expect(found).toEqual(none);
  });

  it('given two Alertmanagers of which one does not answer, then it is left for later', async () => {
    const half = deps({
      silences: async (source) => (source === 'a' ? ok(new Map([['id-1', silence()]])) : refused),
    });
    expect(await look(half, [create('a'), create('b')], subject)).toEqual(laterOn);
  });

  it.each([
    ['expired', 'silence 0b1c8f6e at am: ended at 2026-11-23 10:00 UTC, as it was asked for'],
    [
      'active',
      'silence 0b1c8f6e at am: active until 2026-11-23 10:00 UTC, not as it was asked for',
    ],
    ['gone', 'am knows of no silence 0b1c8f6e any more'],
  ] as const)('given a silence that was to end and is %s, then %s', async (state, words) => {
    const end: EffectRequest = {
      kind: 'alertmanager',
      cluster: 'am',
      sources: ['am'],
      method: 'DELETE',
      path: '/api/v2/silence/0b1c8f6e',
      body: '',
    };
    const held = state === 'gone' ? [] : [silence({ id: '0b1c8f6e', state })];
    expect(await look(holding(...held), [end], subject)).toEqual(told(words));
  });

  it('given a body that was not written down whole, then nothing is claimed', async () => {
    const cut = requestText(create('am')).slice(0, -3);
    expect(await look(holding(silence()), [], { ...subject, requests: [cut] })).toEqual(
      told('what came of it cannot be known: what was asked for was not written down whole'),
    );
  });
});

describe('what only reads', () => {
  it('given logs of a program that was killed, then nothing was changed', async () => {
    expect(await look(deps(), [], { effect: 'read' })).toEqual(
      told('it only reads: nothing was changed by it'),
    );
  });
});
