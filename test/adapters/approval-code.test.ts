import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Approval,
  type ApprovalScene,
  approvalCode,
  approvalLife,
  newApproverKey,
  publicHalf,
  readApproval,
} from '../../src/adapters/approval-code.ts';
import type { ClusterMark } from '../../src/adapters/cluster-mark.ts';
import { after, epochMs, minutes } from '../../src/kernel/units.ts';

const bea = newApproverKey();
const now = epochMs(Date.UTC(2026, 10, 23, 3));
const cluster: ClusterMark = { uid: 'u-1', server: 'c'.repeat(64) };
const agreed: Approval = {
  digest: 'a'.repeat(64),
  cluster,
  name: 'bea',
  identity: 'bea@example.org',
  until: after(now, approvalLife),
};
const scene: ApprovalScene = {
  digest: agreed.digest,
  cluster,
  now,
  approvers: [{ name: 'bea', publicKey: bea.publicKey }],
  askedBy: ['ana', 'ana@example.org'],
};

const codeOf = (approval: Approval, key = bea.privateKey): string => {
  const code = approvalCode(approval, key);
  if (!code.ok) throw new Error(code.failure.message);
  return code.value;
};

const whyNot = (code: string, change: Partial<ApprovalScene> = {}): string => {
  const read = readApproval(code, { ...scene, ...change });
  return read.ok ? '' : read.failure.message;
};

describe('a code of another person', () => {
  it('given one of an approver, when read, then it says who agreed, and until when', () => {
    expect(readApproval(` ${codeOf(agreed)}\n`, scene)).toEqual({
      ok: true,
      value: { ...agreed, by: 'uid' },
    });
  });

  it('given one about something else, when read, then it does not count', () => {
    const code = codeOf(agreed);
    expect(whyNot(code, { digest: 'b'.repeat(64) })).toBe('it is about another plan');
    expect(whyNot(code, { now: agreed.until })).toBe('its time is over');
  });

  it('given one that would count for a year, when read, then it does not', () => {
    const code = codeOf({ ...agreed, until: after(now, minutes(60 * 24 * 365)) });
    expect(whyNot(code)).toBe('it counts for longer than any code may');
  });

  it('given a key that is not the one of the policy, when it signs, then it does not count', () => {
    const other = newApproverKey();
    expect(whyNot(codeOf(agreed, other.privateKey))).toBe('it is not signed with the key of bea');
    expect(whyNot(codeOf({ ...agreed, name: 'eve' }, other.privateKey))).toBe(
      'eve is nobody who may agree',
    );
  });

  it('given the one who asks, when they agree with themselves, then it does not count', () => {
    const code = codeOf(agreed);
    expect(whyNot(code, { askedBy: ['bea', ''] })).toBe('nobody agrees with themselves');
    expect(whyNot(code, { askedBy: ['root', 'bea@example.org'] })).toBe(
      'nobody agrees with themselves',
    );
  });

  it('given the uid of another cluster, when read, then it never counts, though address and CA are the same', () => {
    expect(whyNot(codeOf(agreed), { cluster: { ...cluster, uid: 'u-2' } })).toBe(
      'it is about another cluster: the uid of kube-system is u-1 there, and u-2 here',
    );
  });

  it('given a uid that one of both may not read, when read, then address and CA decide, and that is said', () => {
    const blind = { ...cluster, uid: null };
    for (const [theirs, ours] of [
      [blind, cluster],
      [cluster, blind],
      [blind, blind],
    ] as const) {
      const code = codeOf({ ...agreed, cluster: theirs });
      expect(readApproval(code, { ...scene, cluster: ours })).toMatchObject({
        ok: true,
        value: { by: 'server' },
      });
      const elsewhere = { ...ours, server: 'd'.repeat(64) };
      expect(whyNot(code, { cluster: elsewhere })).toContain('read the namespace kube-system');
      expect(whyNot(code, { cluster: { ...ours, server: null } })).toContain('nothing vouches');
    }
  });

  it('given any two clusters, when a code of one is read on the other, then it opens for the same one alone', () => {
    const ids = fc.constantFrom('a', 'b');
    const mark = fc.record({
      uid: fc.option(ids),
      server: fc.option(ids.map((id) => id.repeat(64))),
    });
    fc.assert(
      fc.property(mark, mark, (theirs, ours) => {
        const read = readApproval(codeOf({ ...agreed, cluster: theirs }), {
          ...scene,
          cluster: ours,
        });
        const bothUids = theirs.uid !== null && ours.uid !== null;
        const same = bothUids
          ? theirs.uid === ours.uid
          : theirs.server !== null && theirs.server === ours.server;
        expect(read.ok).toBe(same);
        if (read.ok) expect(read.value.by).toBe(bothUids ? 'uid' : 'server');
        else expect(read.failure.hint).not.toBe('');
      }),
    );
  });

  it('given a code of a version that named the context, when read, then it is told that it is too old', () => {
    const payload = Buffer.from(JSON.stringify({ d: agreed.digest, c: 'prod-eu' }));
    expect(whyNot(`mw1.${payload.toString('base64url')}.AAAA`)).toBe(
      'it was made by an earlier version, which knows clusters by the names of contexts only',
    );
  });

  it('given any sign that is changed, when read, then it does not count', () => {
    const code = codeOf(agreed);
    for (let at = 0; at < code.length; at += 1) {
      const other = code[at] === 'A' ? 'B' : 'A';
      const changed = `${code.slice(0, at)}${other}${code.slice(at + 1)}`;
      // The last sign of either part holds spare bits: what it decodes to may be the very same.
      const same = (c: string) =>
        c
          .split('.')
          .map((p) => Buffer.from(p, 'base64url').toString('hex'))
          .join();
      if (same(changed) === same(code) && changed.startsWith('mw2.')) continue;
      expect(whyNot(changed)).not.toBe('');
    }
  });

  it('given what is no code at all, when read, then that is said', () => {
    for (const text of [
      '',
      'yes',
      'mw1',
      'mw1..',
      'mw2',
      'mw2..',
      'mw3.a.b',
      'mw2.e30.AA',
      'a.b.c.d',
    ]) {
      expect(whyNot(text)).toBe('that is no code of midwatch');
    }
  });

  it('given a private key, when its public half is made, then it is the one that was printed', () => {
    expect(publicHalf(bea.privateKey)).toEqual({ ok: true, value: bea.publicKey });
    expect(publicHalf('no key')).toMatchObject({ ok: false });
  });
});
