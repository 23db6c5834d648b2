import { describe, expect, it } from 'vitest';
import { kubernetesEffect } from '../../../src/adapters/effects/kubernetes-effect.ts';
import { kubernetesGuard } from '../../../src/adapters/effects/kubernetes-guard.ts';
import { UndiciClient } from '../../../src/adapters/kubernetes/undici-client.ts';
import { ok } from '../../../src/kernel/failure.ts';
import { never, resolvedFor, rotating } from '../../support/api-client.ts';
import { respond, startScriptedServer } from '../../support/api-server.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { until } from '../../support/until.ts';

describe('a server that was there before', () => {
  it('given a connection that was used and is lost, when something is written and it cannot be dialled again, then nothing has left', async () => {
    const clock = new FakeClock();
    const guard = kubernetesGuard(() => 'guarded');
    const server = await startScriptedServer((_, response) => respond(response, 200, '{}'));
    const client = new UndiciClient({
      resolved: resolvedFor(server.url),
      credential: rotating('first', 'second'),
      clock,
      version: 'test',
      guard,
    });
    const port = kubernetesEffect({ client: async () => ok(client), guard, clock });
    expect(await port.read('/api/v1/nodes/a', never)).toEqual(ok('{}'));
    await server.close();
    // The end of the connection arrives when the server is gone: until then a write on it would be in doubt.
    await until('nobody listens', async () => {
      const read = await port.read('/api/v1/nodes/a', never);
      return !read.ok && /refuses connections/.test(read.failure.message);
    });
    const written = await port.kubernetes(
      {
        kind: 'kubernetes',
        method: 'PATCH',
        path: '/api/v1/nodes/a',
        contentType: 'application/strategic-merge-patch+json',
        body: '{"spec":{"unschedulable":true}}',
      },
      never,
    );
    expect(written).toMatchObject({ ok: false, failure: { kind: 'unreachable' } });
    await client.close();
  });
});
