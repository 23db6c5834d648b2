import { afterEach, describe, expect, it } from 'vitest';
import { milliseconds, minutes, seconds } from '../../../src/kernel/units.ts';
import { settle } from '../../support/fake-clock.ts';
import { startReflecting } from '../../support/reflected.ts';
import { type Script, ScriptedClient, statusAnswer } from '../../support/scripted-api.ts';
import { ScriptedCollection } from '../../support/scripted-collection.ts';

let stop: () => Promise<void> = async () => {};
afterEach(() => stop());

const start = (server = new ScriptedCollection(), script: Script = server.serve) => {
  const client = new ScriptedClient(script);
  const running = startReflecting(client);
  stop = running.stop;
  return { server, client, ...running };
};

const started = async (names: readonly string[] = ['a', 'b']) => {
  const server = new ScriptedCollection();
  for (const name of names) server.put(name);
  const running = start(server);
  await settle();
  running.seen.heard();
  return running;
};

const lists = (client: ScriptedClient): number =>
  client.requests.filter(
    ({ query }) => query.get('watch') !== 'true' || query.has('sendInitialEvents'),
  ).length;

describe('reading everything', () => {
  it('given WatchList, when everything was sent, then objects come first and synced after them', async () => {
    const server = new ScriptedCollection();
    for (const name of ['a', 'b', 'c']) server.put(name);
    const { seen } = start(server);
    await settle();
    expect(seen.heard()).toEqual(['+a', '+b', '+c', 'synced']);
  });

  it('given a server that refuses WatchList, when it starts, then pages are read and the watch goes on from them', async () => {
    const server = new ScriptedCollection();
    server.watchList = false;
    for (const name of ['a', 'b', 'c', 'd', 'e']) server.put(name);
    const { seen, client } = start(server);
    await settle(20);
    expect(seen.heard()).toEqual(['+a', '+b', '+c', '+d', '+e', 'synced']);
    expect(client.requests.map(({ query }) => query.get('continue'))).toEqual([
      null,
      null,
      '105/2',
      '105/4',
      null,
    ]);
    expect(client.requests.at(-1)?.query.get('resourceVersion')).toBe('105');
    server.put('f');
    await settle();
    expect(seen.heard()).toEqual(['+f']);
  });

  it('given a continue token that expires, when pages are read, then the list starts again and is complete', async () => {
    const server = new ScriptedCollection();
    server.watchList = false;
    for (const name of ['a', 'b', 'c']) server.put(name);
    const { seen, client, clock } = start(server);
    client.script = (request) => {
      if (request.query.has('continue')) {
        client.script = server.serve;
        server.forget();
      }
      return server.serve(request);
    };
    await settle(20);
    expect(seen.heard()).toContain(
      'gap: the server no longer knows our place: reading everything anew',
    );
    await clock.advance(seconds(2));
    expect(seen.world).toEqual(server.world);
    expect(seen.heard()).toContain('synced');
  });

  it('given a server that sends the objects but no end mark, when 30 s pass, then pages are read instead', async () => {
    const server = new ScriptedCollection();
    server.put('a');
    const { seen, clock } = start(server, (request) => {
      if (!request.query.has('sendInitialEvents')) return server.serve(request);
      // An old server: an ordinary watch, which never says that it is complete.
      return new ScriptedCollection().serve({
        ...request,
        query: new URLSearchParams('watch=true&resourceVersion=100'),
      });
    });
    await clock.advance(seconds(40));
    expect(seen.world).toEqual({ a: 'Active' });
    expect(seen.heard()).toContain('synced');
  });
});

describe('following', () => {
  it('given an update that changes nothing we show, when it arrives, then nothing is told', async () => {
    const { server, seen } = await started();
    server.put('a');
    server.put('a', 'Terminating');
    await settle();
    expect(seen.heard()).toEqual(['+a']);
    expect(seen.world).toEqual({ a: 'Terminating', b: 'Active' });
  });

  it('given an object made anew under its old name, when both events arrive, then its new uid is told', async () => {
    const { server, seen } = await started();
    server.delete('a');
    server.put('a', 'Active', 'uid-other');
    await settle();
    expect(seen.heard()).toEqual(['-a', '+a']);
    expect(seen.objects.get('a')?.uid).toBe('uid-other');
  });

  it('given the server ends watches in good order, when an hour passes, then it resumes without a list or a gap', async () => {
    const { server, client, clock, seen } = await started();
    for (let i = 0; i < 12; i += 1) {
      for (let minute = 0; minute < 5; minute += 1) {
        server.bookmark();
        await clock.advance(minutes(1));
      }
      server.put(`n${i}`);
      server.cut('end');
      await clock.advance(milliseconds(10));
    }
    expect(lists(client)).toBe(1);
    expect(client.requests).toHaveLength(13);
    expect(seen.world).toEqual(server.world);
    expect(seen.heard().filter((word) => word.startsWith('gap'))).toEqual([]);
  });

  it('given bookmarks every 10 s, when five minutes pass, then heard is told every 30 s at most', async () => {
    const { server, clock, seen } = await started();
    for (let i = 0; i < 30; i += 1) {
      await clock.advance(seconds(10));
      server.bookmark();
      await settle();
    }
    expect(seen.heard()).toEqual(Array(10).fill('heard'));
  });

  it('given silence, when 90 s pass, then a gap is told and the watch resumes where it was', async () => {
    const { client, clock, seen } = await started();
    await clock.advance(seconds(85));
    expect(seen.heard()).toEqual([]);
    expect(client.requests).toHaveLength(1);
    await clock.advance(seconds(15));
    expect(seen.heard()).toEqual(['gap: nothing heard for 90 s: reconnecting', 'synced']);
    expect(client.requests.at(-1)?.query.get('resourceVersion')).toBe('102');
    expect(lists(client)).toBe(1);
  });

  it('given it is stopped at any moment, when time passes, then nothing is asked or told any more', async () => {
    const { server, client, clock, seen, stop: end } = await started();
    server.cut('break');
    await settle();
    await end();
    seen.heard();
    const asked = client.requests.length;
    await clock.advance(minutes(10));
    server.put('z');
    await settle();
    expect(client.requests).toHaveLength(asked);
    expect(seen.heard()).toEqual([]);
    expect(server.watching).toBe(0);
    expect(clock.sleeping).toBe(0);
  });
});

describe('trouble', () => {
  it('given a lost connection, when it comes back, then a gap, no failure, and what was missed', async () => {
    const { server, clock, seen } = await started();
    server.cut('break');
    server.delete('a');
    await clock.advance(seconds(5));
    expect(seen.heard()).toEqual([
      expect.stringMatching(/^gap: watch connection lost: /),
      '-a',
      'synced',
    ]);
  });

  it('given an API server that is gone, when two tries fail, then failed; when it is back, synced', async () => {
    const { server, client, clock, seen } = await started();
    client.script = () => null;
    server.cut('break');
    await clock.advance(seconds(10));
    const words = seen.heard();
    expect(words[0]).toMatch(/^gap/);
    expect(words[1]).toBe('failed unreachable: api:6443 refuses connections');
    client.script = server.serve;
    await clock.advance(minutes(1));
    expect(seen.heard().at(-1)).toBe('synced');
    expect(lists(client)).toBe(1);
  });

  it('given an API server that stays away, when ten minutes pass, then tries come at most every 30 s', async () => {
    const { server, client, clock } = await started();
    client.script = () => null;
    server.cut('break');
    await clock.advance(minutes(10));
    // Jitter in the middle: 0.75, 1.25, 2.25 … 15.25 s.
    expect(client.requests.length).toBeGreaterThan(38);
    expect(client.requests.length).toBeLessThan(48);
  });

  it('given an ERROR event with the stream left open, when it says 410, then the list is read at once and the rows stay', async () => {
    const { server, client, clock, seen } = await started(['a', 'b', 'c']);
    server.forget();
    server.put('b', 'Terminating');
    server.delete('c');
    seen.heard();
    server.write(
      `${JSON.stringify({ type: 'ERROR', object: { code: 410, reason: 'Expired', message: 'too old' } })}\n`,
    );
    await clock.advance(seconds(2));
    expect(seen.world).toEqual(server.world);
    expect(seen.heard().at(-1)).toBe('synced');
    expect(lists(client)).toBe(2);
  });

  it('given a watch that is refused as expired, when it resumes, then only real differences are told', async () => {
    const { server, clock, seen } = await started(['a', 'b', 'c', 'd']);
    server.cut('end');
    server.put('b', 'Terminating');
    server.delete('c');
    server.put('e');
    server.forget();
    await clock.advance(seconds(10));
    expect(seen.heard()).toEqual([
      'gap: the server no longer knows our place: reading everything anew',
      '+b',
      '+e',
      '-c',
      'synced',
    ]);
  });

  it('given 429 with Retry-After, when it is asked again, then not sooner than that', async () => {
    const { server, client, clock, seen } = await started();
    client.script = () => statusAnswer(429, 'too many requests', { 'retry-after': '20' });
    server.cut('end');
    await clock.advance(seconds(10));
    server.cut('end');
    const asked = client.requests.length;
    await clock.advance(seconds(9));
    expect(client.requests).toHaveLength(asked);
    client.script = server.serve;
    await clock.advance(seconds(10));
    expect(seen.heard()).toEqual(['gap: the server asks us to slow down', 'synced']);
  });

  it('given 403 for what was never allowed, when time passes, then it is told at once and asked every few minutes', async () => {
    const script = () => statusAnswer(403, 'namespaces is forbidden');
    const { client, clock, seen } = start(new ScriptedCollection(), script);
    await clock.advance(minutes(30));
    expect(seen.heard()).toEqual(['failed forbidden: namespaces is forbidden']);
    expect(client.requests.length).toBeLessThan(8);
  });

  it('given 404, when the kind is served later, then it is found within minutes', async () => {
    const server = new ScriptedCollection();
    server.put('a');
    const script = () => statusAnswer(404, 'the server could not find the requested resource');
    const { client, clock, seen } = start(server, script);
    await clock.advance(minutes(1));
    expect(seen.heard()).toEqual([
      'failed absent: the server could not find the requested resource',
    ]);
    client.script = server.serve;
    await clock.advance(minutes(10));
    expect(seen.heard().slice(0, 2)).toEqual(['+a', 'synced']);
  });

  it('given 403 from a server that has just started, when it allows again, then it is back within seconds', async () => {
    const { server, client, clock, seen } = await started();
    client.script = () => statusAnswer(403, 'RBAC: not loaded yet');
    server.cut('end');
    await clock.advance(seconds(6));
    client.script = server.serve;
    await clock.advance(seconds(15));
    expect(seen.heard().at(-1)).toBe('synced');
  });
});
