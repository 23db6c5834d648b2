import { describe, expect, it } from 'vitest';
import type { EffectAnswer } from '../../src/kernel/effect-ports.ts';
import { failed, failure, ok, type Result } from '../../src/kernel/failure.ts';
import { actOn, objectOf } from '../support/act-on.ts';
import { sampleWishes, sampleWorld } from '../support/sample-acts.ts';

const node = objectOf('nodes', '', 'worker-1');
const cordonWith = (answer: Result<EffectAnswer>) =>
  actOn({ ports: { kubernetes: async () => answer }, world: sampleWorld }).act('cordon', node);
const status = (code: number, message: string) =>
  ok({ status: code, body: JSON.stringify({ kind: 'Status', message }) });

describe('what an answer comes to', () => {
  it.each([
    [200, 'failed', 'done'],
    [201, '', 'done'],
    [400, 'bad patch', 'failed'],
    [403, 'you may not', 'failed'],
    [404, 'no such node', 'failed'],
    [409, 'the object has been modified', 'failed'],
    [422, 'metadata.uid: field is immutable', 'failed'],
    [429, 'too many requests', 'failed'],
    [500, 'failed calling webhook "x": context deadline exceeded', 'failed'],
    [500, 'etcdserver: request timed out', 'unknown'],
    [500, 'etcdserver: leader changed', 'unknown'],
    [500, 'admission webhook "x" denied the request: timeout', 'failed'],
    [502, 'bad gateway', 'unknown'],
    [503, 'apiserver is shutting down', 'failed'],
    [504, 'the request did not complete in time', 'unknown'],
  ])('given HTTP %s "%s", when it was a write, then it is %s', async (code, message, kind) => {
    expect((await cordonWith(status(code, message))).kind).toBe(kind);
  });

  it.each([
    ['unreachable', 'failed'],
    ['unauthorized', 'failed'],
    ['misconfigured', 'failed'],
    ['forbidden', 'failed'],
    ['ended', 'unknown'],
    ['timeout', 'unknown'],
    ['undecodable', 'unknown'],
    ['broken', 'unknown'],
    ['refused', 'unknown'],
  ] as const)(
    'given no answer, of the kind %s, when it was a write, then it is %s',
    async (kind, result) => {
      const why = failure(kind, 'patch', 'it broke');
      expect((await cordonWith(failed(why))).kind).toBe(result);
    },
  );

  it('given an object that was replaced, when the server refuses, then the hint says to look again', async () => {
    expect(
      await cordonWith(status(409, 'Precondition failed: UID in precondition: a')),
    ).toMatchObject({
      failure: { hint: expect.stringMatching(/replaced by another/) },
    });
  });

  it('given words of a server with escapes, when told, then they are plain', async () => {
    const result = await cordonWith(status(403, 'no\u001b[2J way'));
    expect(JSON.stringify(result)).not.toMatch(/\\u001b/);
  });

  it('given an Alertmanager that refuses with a bare string, when told, then in its words', async () => {
    const { subject, args } = sampleWishes['silence-create'] ?? { subject: node };
    const door = actOn({
      ports: { alertmanager: async () => ok({ status: 400, body: '"bad matcher"' }) },
      world: sampleWorld,
    });
    expect(await door.act('silence-create', subject, args)).toMatchObject({
      kind: 'failed',
      failure: { message: 'bad matcher', status: 400 },
    });
  });
});
