import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  forbiddenEtcdRequest,
  membersQuestion,
  statusQuestion,
} from '../../../src/adapters/etcd/request-guard.ts';

/** What etcd's gateway and its web server can do besides; all of it changes something, costs much, or leaks. */
const others = [
  ...['/v3/kv/put', '/v3/kv/range', '/v3/kv/deleterange', '/v3/kv/txn', '/v3/kv/compaction'],
  ...['/v3/watch', '/v3/lease/grant', '/v3/kv/lease/revoke', '/v3/lock/lock', '/v3/auth/enable'],
  ...['/v3/maintenance/alarm', '/v3/maintenance/defragment', '/v3/maintenance/snapshot'],
  ...['/v3/maintenance/hash', '/v3/maintenance/transfer-leadership', '/v3/maintenance/downgrade'],
  ...['/v3/cluster/member/add', '/v3/cluster/member/remove', '/v3/cluster/member/promote'],
];

describe('what may be asked of etcd', () => {
  it('given the two questions and the three pages, when checked, then they may be sent', () => {
    expect(forbiddenEtcdRequest('POST', statusQuestion.path, statusQuestion.body)).toBeNull();
    expect(forbiddenEtcdRequest('POST', membersQuestion.path, membersQuestion.body)).toBeNull();
    for (const path of ['/metrics', '/health', '/version']) {
      expect(forbiddenEtcdRequest('GET', path)).toBeNull();
    }
  });

  it.each(others)('given %s, when checked, then it may not be sent in any way', (path) => {
    for (const body of ['{}', '{"action":"GET"}', statusQuestion.body, membersQuestion.body]) {
      expect(forbiddenEtcdRequest('POST', path, body)).not.toBeNull();
    }
    expect(forbiddenEtcdRequest('GET', path)).not.toBeNull();
  });

  it('given a known question with another body, when checked, then it may not be sent', () => {
    const linear = '{"linearizable":true}';
    expect(forbiddenEtcdRequest('POST', membersQuestion.path, linear)).not.toBeNull();
    expect(forbiddenEtcdRequest('POST', membersQuestion.path)).not.toBeNull();
    expect(forbiddenEtcdRequest('POST', statusQuestion.path, '{} ')).not.toBeNull();
    expect(forbiddenEtcdRequest('GET', '/metrics', '{}')).not.toBeNull();
  });

  it('given any path, when it is not one of the five, then nothing may be sent to it', () => {
    const known = [statusQuestion.path, membersQuestion.path, '/metrics', '/health', '/version'];
    const path = fc.oneof(
      fc.string().map((tail) => `/${tail}`),
      fc.constantFrom(...known).chain((good) => fc.string({ minLength: 1 }).map((s) => good + s)),
    );
    fc.assert(
      fc.property(path, fc.constantFrom('GET' as const, 'POST' as const), (any, method) => {
        fc.pre(!known.includes(any));
        expect(forbiddenEtcdRequest(method, any, '{}')).not.toBeNull();
      }),
    );
  });

  it('given a method that only writes, when checked, then it may not be sent', () => {
    for (const method of ['PUT', 'DELETE', 'PATCH']) {
      expect(forbiddenEtcdRequest(method as 'GET', '/metrics')).not.toBeNull();
    }
  });
});
