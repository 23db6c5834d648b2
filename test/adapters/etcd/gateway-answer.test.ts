import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  alarmsIn,
  decodeMembers,
  decodeStatus,
  refusalIn,
} from '../../../src/adapters/etcd/gateway-answer.ts';
import { etcdStatusSchema } from '../../../src/kernel/etcd-fact.ts';
import { recorded, releases } from './etcd-fixtures.ts';

const statuses = (release: '3.5' | '3.6', name: string) =>
  recorded(release, name).map(({ body }) => decodeStatus(body));

describe('a recorded status', () => {
  it.each(releases)(
    'given a healthy cluster of %s, when decoded, then ids are whole and all agree on the leader',
    (release) => {
      const all = statuses(release, '01-status-healthy');
      expect(all).toHaveLength(3);
      for (const status of all) {
        expect(status).toMatchObject({ errors: [], alarms: [], learner: false });
        expect(status?.leader).toBe(all[0]?.leader);
        expect(status?.memberId).toMatch(/^\d{17,20}$/);
        expect(etcdStatusSchema.safeParse({ ...status, clockSkew: null }).success).toBe(true);
      }
    },
  );

  it('given the quota, when decoded, then 3.6 tells it and 3.5 does not', () => {
    expect(statuses('3.6', '01-status-healthy')[0]?.quota).toBe(16 << 20);
    expect(statuses('3.5', '01-status-healthy')[0]?.quota).toBeNull();
  });

  it.each(releases)(
    'given a member of %s that has lost its quorum, when decoded, then it has no leader and says so',
    (release) => {
      const [alone] = statuses(release, '23-status-quorum-lost').filter((s) => s !== null);
      expect(alone).toMatchObject({ leader: '', errors: ['etcdserver: no leader'], alarms: [] });
    },
  );

  it.each(releases)(
    'given NOSPACE on %s, when decoded, then the alarms of the status are those of the alarm list',
    (release) => {
      const listed = recorded(release, '41-alarm-nospace')[0]!;
      const { alarms } = listed.body as { alarms: { memberID: string; alarm: string }[] };
      const expected = alarms.map(({ memberID, alarm }) => ({ memberId: memberID, alarm }));
      const all = statuses(release, '42-status-nospace');
      expect(all).toHaveLength(3);
      for (const status of all) {
        expect(status?.alarms).toEqual(expect.arrayContaining(expected));
        expect(status?.alarms).toHaveLength(expected.length);
        expect(status?.errors.every((text) => text === text.trim())).toBe(true);
      }
    },
  );

  it('given a learner, when decoded, then it is one', () => {
    const all = statuses('3.6', '60-status-with-learner');
    expect(all.map((s) => s?.learner)).toEqual([false, false, false, true]);
  });
});

describe('a recorded member list', () => {
  it.each(releases)(
    'given a healthy cluster of %s, when decoded, then all have names and addresses',
    (release) => {
      const members = decodeMembers(recorded(release, '02-member-list')[0]?.body);
      expect(members).toHaveLength(3);
      for (const member of members ?? []) {
        expect(member).toMatchObject({ learner: false, name: expect.stringMatching(/./) });
        expect(member.clientUrls[0]).toMatch(/^https:/);
      }
    },
  );

  it('given a learner that was never started, when decoded, then it has neither name nor address', () => {
    const members = decodeMembers(recorded('3.5', '61-member-list-with-learner')[0]?.body);
    expect(members?.[3]).toMatchObject({
      id: '17375853357970897479',
      name: '',
      clientUrls: [],
      learner: true,
    });
  });
});

describe('answers of something else', () => {
  it('given any JSON, when it is no answer of etcd, then it is null', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (any) => {
        expect(decodeStatus(any)).toBeNull();
        expect(decodeMembers(any)).toBeNull();
      }),
    );
  });

  it('given hostile text in an answer, when decoded, then it is short and plain', () => {
    const hostile = `\u001b[31m${'x'.repeat(100_000)}`;
    const header = { cluster_id: '1', member_id: '2' };
    const status = decodeStatus({ header, version: hostile, errors: Array(1000).fill(hostile) });
    expect(status?.version).not.toContain('\u001b');
    expect(etcdStatusSchema.safeParse({ ...status, clockSkew: null }).success).toBe(true);
    expect(JSON.stringify(status).length).toBeLessThan(50_000);
  });

  it('given alarms in other spellings, when read, then they are found, and other words are none', () => {
    expect(alarmsIn(['memberID:7  alarm:NOSPACE', 'alarm:CORRUPT ', 'no leader', ''])).toEqual([
      { memberId: '7', alarm: 'NOSPACE' },
      { memberId: '', alarm: 'CORRUPT' },
    ]);
  });

  it('given a refusal, when read, then it is in the words of the server', () => {
    const [{ body } = { body: null }] = recorded('3.5', '06-error-unknown-endpoint');
    expect(refusalIn(JSON.stringify(body))).toBe('Not Found');
    expect(refusalIn('<html>')).toBe('');
  });
});
