import { afterEach, describe, expect, it } from 'vitest';
import { kubernetesEffect } from '../../../src/adapters/effects/kubernetes-effect.ts';
import { kubernetesGuard } from '../../../src/adapters/effects/kubernetes-guard.ts';
import { UndiciClient } from '../../../src/adapters/kubernetes/undici-client.ts';
import type { EffectPorts } from '../../../src/kernel/effect-ports.ts';
import { failed, failure, ok } from '../../../src/kernel/failure.ts';
import { seconds } from '../../../src/kernel/units.ts';
import { never, resolvedFor, rotating } from '../../support/api-client.ts';
import { respond, type Script, startScriptedServer } from '../../support/api-server.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const cordon: Parameters<EffectPorts['kubernetes']>[0] = {
  kind: 'kubernetes',
  method: 'PATCH',
  path: '/api/v1/nodes/a',
  contentType: 'application/strategic-merge-patch+json',
  body: '{"spec":{"unschedulable":true}}',
};

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

const clock = new FakeClock();
const portOn = (url: string, credential = rotating('first', 'second')) => {
  const guard = kubernetesGuard(() => 'guarded');
  const client = new UndiciClient({
    resolved: resolvedFor(url),
    credential,
    clock,
    version: 'test',
    guard,
  });
  ends.push(() => client.close());
  return { client, port: kubernetesEffect({ client: async () => ok(client), guard, clock }) };
};
const serve = async (script: Script) => {
  const server = await startScriptedServer(script);
  ends.push(() => server.close());
  return { server, ...portOn(server.url) };
};

describe('writes to the API server', () => {
  it('given a server that is not there, when written to, then nothing has left', async () => {
    const { port } = portOn('http://127.0.0.1:1');
    expect(await port.kubernetes(cordon, never)).toMatchObject({
      ok: false,
      failure: { kind: 'unreachable' },
    });
  });

  it.each([['closes the connection', (r: { socket: { destroy(): void } }) => r.socket.destroy()]])(
    'given a server that takes the request and %s, when written to, then it ended in doubt, and is not sent again',
    async (_, cut) => {
      const { server, port } = await serve((request) => {
        request.resume();
        request.on('end', () => cut(request as never));
      });
      expect(await port.kubernetes(cordon, never)).toMatchObject({
        ok: false,
        failure: { kind: 'ended' },
      });
      expect(server.requests()).toBe(1);
    },
  );

  it('given somebody who gives up while it is on its way, when written to, then it ended in doubt', async () => {
    const stop = new AbortController();
    const { port } = await serve(() => stop.abort());
    expect(await port.kubernetes(cordon, stop.signal)).toMatchObject({
      failure: { kind: 'ended' },
    });
  });

  it('given somebody who gave up before, when written to, then nothing has left', async () => {
    const { server, port } = await serve((_, response) => respond(response, 200, '{}'));
    const gone = AbortSignal.abort();
    expect(await port.kubernetes(cordon, gone)).toMatchObject({ failure: { kind: 'unreachable' } });
    expect(server.requests()).toBe(0);
  });

  it('given an answer whose words are lost, when it says that it is done, then it is done', async () => {
    const { port } = await serve((request, response) => {
      const plain = response as import('node:http').ServerResponse;
      plain.writeHead(200, { 'content-length': '1000' });
      plain.write('{"kind":"Node"');
      setImmediate(() => (request as import('node:http').IncomingMessage).socket.destroy());
    });
    expect(await port.kubernetes(cordon, never)).toEqual(ok({ status: 200, body: '' }));
  });

  it('given a request that no action builds, when asked for, then it is refused before anything is opened', async () => {
    const guard = kubernetesGuard(() => 'guarded');
    const port = kubernetesEffect({
      client: async () => failed(failure('broken', 'test', 'it was opened')),
      guard,
      clock,
    });
    const strange = { ...cordon, path: '/api/v1/nodes/a/status' };
    expect(await port.kubernetes(strange, never)).toMatchObject({ failure: { kind: 'forbidden' } });
    expect(await port.read('/api/v1/namespaces/a/pods/b/attach', never)).toMatchObject({
      failure: { kind: 'forbidden' },
    });
  });

  it('given a connection that was idle for a while, when written to, then over a new one, and what follows over the old goes on', async () => {
    const { server, client, port } = await serve((request, response) => {
      if (request.url !== '/stream') return respond(response, 200, '{}');
      const plain = response as import('node:http').ServerResponse;
      plain.writeHead(200);
      plain.write('first ');
      open.push(plain);
    });
    const open: import('node:http').ServerResponse[] = [];
    const followed = await client.request(
      { method: 'GET', path: '/stream', accept: '*/*', streaming: true },
      never,
    );
    await port.kubernetes(cordon, never);
    await port.kubernetes(cordon, never);
    const { dials } = client.stats();
    await clock.advance(seconds(30));
    expect(await port.kubernetes(cordon, never)).toMatchObject({ ok: true });
    expect(client.stats()).toMatchObject({ dials: dials + 1, redials: 0 });
    expect(server.requests()).toBe(4);
    for (const one of open) one.end('last');
    expect(followed.ok && (await followed.value.text())).toBe('first last');
  });

  it('given a refusal, when read, then it is a failure in the words of the server', async () => {
    const { port } = await serve((_, response) =>
      respond(response, 403, '{"kind":"Status","message":"you may not"}'),
    );
    expect(await port.read('/api/v1/nodes', never)).toMatchObject({
      failure: { kind: 'forbidden', message: 'you may not', status: 403 },
    });
  });
});
