import { afterEach, describe, expect, it } from 'vitest';
import { seconds } from '../../../src/kernel/units.ts';
import { settle } from '../../support/fake-clock.ts';
import { startReflecting } from '../../support/reflected.ts';
import { type Script, ScriptedBody, ScriptedClient } from '../../support/scripted-api.ts';
import { ScriptedCollection } from '../../support/scripted-collection.ts';

let stop: () => Promise<void> = async () => {};
afterEach(() => stop());

/** A server whose changes come faster than it can send what was before: it closes every WatchList in the middle. */
const busy =
  (server: ScriptedCollection): Script =>
  (request) => {
    if (!request.query.has('sendInitialEvents')) return server.serve(request);
    const body = new ScriptedBody();
    const metadata = { name: 'a', uid: 'uid-a', resourceVersion: '101' };
    const object = { metadata, status: { phase: 'Active' } };
    body.write(`${JSON.stringify({ type: 'ADDED', object })}\n`);
    body.end();
    return { status: 200, body };
  };

const start = (script: Script) => {
  const client = new ScriptedClient(script);
  const running = startReflecting(client);
  stop = running.stop;
  return { client, ...running };
};

describe('a server too busy for WatchList', () => {
  it('given a WatchList that ends in the middle, when nothing is known yet, then the list comes out of memory, at once and without a word', async () => {
    const server = new ScriptedCollection();
    server.page = 100;
    for (const name of ['a', 'b', 'c']) server.put(name);
    const { seen, client } = start(busy(server));
    await settle(20);
    expect(seen.heard()).toEqual(['+a', '+b', '+c', 'synced']);
    expect(client.requests.map(({ query }) => query.get('resourceVersion'))).toEqual([
      null,
      '0',
      '103',
    ]);
    server.put('d');
    await settle();
    expect(seen.heard()).toEqual(['+d']);
  });

  it('given all was known once, when WatchList ends in the middle later, then pages are read, and nothing old', async () => {
    const server = new ScriptedCollection();
    for (const name of ['a', 'b', 'c']) server.put(name);
    const { seen, client, clock } = start(server.serve);
    await settle();
    seen.heard();
    client.script = busy(server);
    server.cut('end');
    server.forget();
    server.put('d');
    await clock.advance(seconds(5));
    await settle(20);
    expect(seen.world).toEqual(server.world);
    expect(client.requests.some(({ query }) => query.get('resourceVersion') === '0')).toBe(false);
    expect(client.requests.some(({ query }) => query.get('limit') === '500')).toBe(true);
  });
});
