import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FoundMember } from '../../../src/adapters/etcd/etcd-pod.ts';
import type { ListedMember } from '../../../src/adapters/etcd/gateway-answer.ts';
import { rosterOf } from '../../../src/adapters/etcd/roster.ts';
import { homeOf, type LastAnswer, spokesmen } from '../../../src/adapters/etcd/spokesmen.ts';

const found = (key: string, url: string, name = ''): FoundMember => ({
  key,
  name,
  url,
  clientUrls: [url],
  peerUrls: [],
  metricsUrls: [],
  foundBy: 'setting',
  pod: null,
  dataDir: '',
});
const listed = (id: string, name: string, ...clientUrls: readonly string[]): ListedMember => ({
  id,
  name,
  clientUrls,
  peerUrls: [`https://peer-${id}:2380`],
  learner: false,
});
const nothing = { previous: [], found: [], listed: null, ids: new Map<string, string>() };
const keys = (roster: ReturnType<typeof rosterOf>) => roster.members.map(({ info }) => info.key);

describe('the members of a cluster', () => {
  it('given a named address that is not the one in the list, when its id is known, then they are one member', () => {
    const sources = {
      ...nothing,
      found: [found('etcd.example:2379', 'https://etcd.example:2379')],
      listed: [listed('7', 'a', 'https://10.0.0.1:2379')],
    };
    const before = rosterOf(sources);
    expect(keys(before)).toEqual(['etcd.example:2379', 'a']);
    expect(before.problems).toMatchObject([
      { kind: 'absent', message: 'etcd.example:2379 is not in the member list of its cluster' },
    ]);
    const after = rosterOf({
      ...sources,
      previous: before.members,
      ids: new Map([['etcd.example:2379', '7']]),
    });
    expect(keys(after)).toEqual(['etcd.example:2379']);
    expect(after.members[0]?.info).toMatchObject({ id: '7', name: 'a' });
    expect(after.problems).toEqual([]);
  });

  it('given a list that cannot be had any more, when nobody tells, then those that it told stay', () => {
    const first = rosterOf({ ...nothing, listed: [listed('1', 'a', 'https://a:2379')] });
    expect(keys(rosterOf({ ...nothing, previous: first.members }))).toEqual(['a']);
  });

  it('given a member that is replaced by one of the same name, when told, then it keeps the key and has the new id', () => {
    const first = rosterOf({ ...nothing, listed: [listed('1', 'a', 'https://a:2379')] });
    const next = rosterOf({
      ...nothing,
      previous: first.members,
      listed: [listed('2', 'a', 'https://a:2379')],
    });
    expect(next.members.map(({ info }) => [info.key, info.id])).toEqual([['a', '2']]);
  });

  it('given any list, told again and again with others around it, when merged, then every member is there once and keeps its key', () => {
    const member = fc.record({
      id: fc.integer({ min: 1, max: 8 }).map(String),
      name: fc.constantFrom('', 'a', 'b', 'default'),
      host: fc.constantFrom('h1', 'h2', 'h3', 'h4'),
    });
    const list = fc
      .uniqueArray(member, { selector: ({ id }) => id, maxLength: 6 })
      .map((all) =>
        all.map(({ id, name, host }) =>
          listed(id, name, ...(name === '' ? [] : [`https://${host}:${id}`])),
        ),
      );
    const named = fc
      .uniqueArray(fc.constantFrom('h1', 'h2', 'x'), { maxLength: 3 })
      .map((hosts) => hosts.map((host) => found(`${host}:1`, `https://${host}:1`)));
    fc.assert(
      fc.property(list, list, named, (one, two, people) => {
        const first = rosterOf({ ...nothing, found: people, listed: one });
        const between = rosterOf({
          ...nothing,
          found: people,
          listed: two,
          previous: first.members,
        });
        const again = rosterOf({
          ...nothing,
          found: people,
          listed: two,
          previous: between.members,
        });
        for (const [roster, told] of [
          [first, one],
          [between, two],
        ] as const) {
          expect(new Set(keys(roster)).size).toBe(roster.members.length);
          const ids = roster.members.flatMap(({ info }) => (info.id === '' ? [] : [info.id]));
          expect(ids.sort()).toEqual(told.map(({ id }) => id).sort());
        }
        expect(again.members).toEqual(between.members);
      }),
    );
  });
});

describe('whom to ask for all', () => {
  const answer = (clusterId: string, more: Partial<LastAnswer> = {}): LastAnswer => ({
    clusterId,
    memberId: '1',
    leads: false,
    answers: true,
    ...more,
  });

  it('given members of two clusters, when one has more, then that is home; when none has, the one from before', () => {
    expect(homeOf([answer('a'), answer('b'), answer('b')], 'a')).toBe('b');
    expect(homeOf([answer('a'), answer('b')], 'a')).toBe('a');
    expect(homeOf([answer('a'), answer('b')], 'b')).toBe('b');
    // One that does not answer now still counts: it has not left.
    expect(homeOf([answer('a', { answers: false }), answer('a'), answer('b')], 'b')).toBe('a');
  });

  it('given members that answer, when ordered, then the one from before comes first, then the leader, and strangers not at all', () => {
    const all = new Map([
      ['w', answer('b', { leads: true })],
      ['x', answer('a')],
      ['y', answer('a', { leads: true })],
      ['z', answer('a', { answers: false })],
    ]);
    expect(spokesmen(all, 'a', null)).toEqual(['y', 'x']);
    expect(spokesmen(all, 'a', 'x')).toEqual(['x', 'y']);
  });
});
