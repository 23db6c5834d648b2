import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/adapters/clock.ts';
import { alertmanagerEffect } from '../../../src/adapters/effects/alertmanager-effect.ts';
import { alertmanagerGuard } from '../../../src/adapters/effects/alertmanager-guard.ts';
import type { EffectPorts } from '../../../src/kernel/effect-ports.ts';
import { failed, failure, ok } from '../../../src/kernel/failure.ts';
import { noTls, type SourceTarget, type SourceWay } from '../../../src/kernel/source-target.ts';
import { never } from '../../support/api-client.ts';
import { respond, type Script, startScriptedServer } from '../../support/api-server.ts';

type Request = Parameters<EffectPorts['alertmanager']>[0];

const silence: Request = {
  kind: 'alertmanager',
  cluster: 'am',
  sources: ['a', 'b'],
  method: 'POST',
  path: '/api/v2/silences',
  body: JSON.stringify({
    matchers: [{ name: 'a', value: 'b', isRegex: false, isEqual: true }],
    startsAt: 'x',
    endsAt: 'y',
    createdBy: 'jo',
    comment: 'why',
  }),
};
const id = '0b1c8f6e-7d15-4c43-9d39-4d1f2f4a8f11';
const nowhere = failed(failure('unreachable', 'test', 'there is no API server'));

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});
const serve = async (script: Script) => {
  const server = await startScriptedServer(script);
  ends.push(() => server.close());
  return server;
};

const target = (name: string, way: SourceWay, more: Partial<SourceTarget> = {}): SourceTarget => ({
  name,
  way,
  auth: { kind: 'none' },
  tls: noTls,
  ...more,
});
const direct = (name: string, url: string) => target(name, { kind: 'direct', url });

const portOf = (
  alertmanagers: readonly SourceTarget[],
  kubernetes: EffectPorts['kubernetes'] = async () => nowhere,
) =>
  alertmanagerEffect({
    settings: { alertmanagers, discover: false },
    read: async () => nowhere,
    kubernetes,
    forward: async () => nowhere,
    guard: alertmanagerGuard(() => 'guarded'),
    clock: systemClock,
    version: 'test',
  });

describe('silences on their way', () => {
  it('given the first that is not there, when told, then the second is', async () => {
    const b = await serve((request, response) => {
      request.resume();
      request.on('end', () => respond(response, 200, '{"silenceID":"x"}'));
    });
    const port = portOf([direct('a', 'http://127.0.0.1:1'), direct('b', b.url)]);
    expect(await port(silence, never)).toEqual(ok({ status: 200, body: '{"silenceID":"x"}' }));
  });

  it('given the first that takes it and says nothing more, when told, then the second is not: it would be two', async () => {
    const a = await serve((request) => {
      request.resume();
      request.on('end', () => (request as import('node:http').IncomingMessage).socket.destroy());
    });
    const b = await serve((_, response) => respond(response, 200, '{}'));
    const port = portOf([direct('a', a.url), direct('b', b.url)]);
    expect(await port(silence, never)).toMatchObject({ failure: { kind: 'ended' } });
    expect([a.requests(), b.requests()]).toEqual([1, 0]);
  });

  it('given a service or a pod behind the API server, when told, then through its proxy', async () => {
    const sent: unknown[] = [];
    const kubernetes: EffectPorts['kubernetes'] = async (request) => {
      sent.push(request);
      return ok({ status: 200, body: '' });
    };
    const place = { namespace: 'mon', name: 'am', scheme: 'http', path: '/am' } as const;
    const service = portOf([target('a', { kind: 'service', ...place, port: 'web' })], kubernetes);
    const pod = portOf([target('a', { kind: 'pod-proxy', ...place, port: 9093 })], kubernetes);
    await service(silence, never);
    await pod({ ...silence, method: 'DELETE', path: `/api/v2/silence/${id}`, body: '' }, never);
    expect(sent).toEqual([
      {
        kind: 'kubernetes',
        method: 'POST',
        path: '/api/v1/namespaces/mon/services/am:web/proxy/am/api/v2/silences',
        contentType: 'application/json',
        body: silence.body,
      },
      {
        kind: 'kubernetes',
        method: 'DELETE',
        path: `/api/v1/namespaces/mon/pods/am:9093/proxy/am/api/v2/silence/${id}`,
        contentType: '',
        body: '',
      },
    ]);
  });

  it('given a login for what is behind the API server, or a name that nobody knows, when told, then why not', async () => {
    const way = {
      kind: 'service',
      namespace: 'm',
      name: 'a',
      port: 'web',
      scheme: 'http',
      path: '',
    } as const;
    const auth = { kind: 'bearer', tokenFile: '/nonexistent' } as const;
    expect(await portOf([target('a', way, { auth })])(silence, never)).toMatchObject({
      failure: { kind: 'misconfigured', message: expect.stringMatching(/does not hand logins on/) },
    });
    expect(await portOf([])(silence, never)).toMatchObject({ failure: { kind: 'misconfigured' } });
  });

  it('given anything but a silence, when told, then it does not leave', async () => {
    const port = portOf([direct('a', 'http://127.0.0.1:1')]);
    for (const strange of [
      { path: '/api/v2/alerts' },
      { method: 'DELETE', path: '/api/v2/silences', body: '' },
      { method: 'DELETE', path: '/api/v2/silence/../alerts', body: '' },
      { body: '{}' },
    ] as const) {
      expect(await port({ ...silence, ...strange }, never)).toMatchObject({
        failure: { kind: 'forbidden' },
      });
    }
  });
});
