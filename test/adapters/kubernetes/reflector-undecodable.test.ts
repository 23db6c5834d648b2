import { afterEach, describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../../src/kernel/units.ts';
import { settle } from '../../support/fake-clock.ts';
import { startReflecting } from '../../support/reflected.ts';
import {
  type ScriptedAnswer,
  ScriptedBody,
  ScriptedClient,
  statusAnswer,
} from '../../support/scripted-api.ts';
import { ScriptedCollection } from '../../support/scripted-collection.ts';

let stop: () => Promise<void> = async () => {};
afterEach(() => stop());

const started = async () => {
  const server = new ScriptedCollection();
  for (const name of ['a', 'b']) server.put(name);
  const client = new ScriptedClient(server.serve);
  const running = startReflecting(client);
  stop = running.stop;
  await settle();
  running.seen.heard();
  return { server, client, ...running };
};

const lists = (client: ScriptedClient): number =>
  client.requests.filter(({ query }) => query.has('sendInitialEvents')).length;

describe('what does not parse', () => {
  it('given a line that is not JSON, when it arrives, then it is told and the next one is read', async () => {
    const { server, seen } = await started();
    server.write('{"type":"MODIFIED","object":{"metada\n');
    server.put('c');
    await settle();
    expect(seen.heard()).toEqual([
      'gap: 1 object could not be read and may be missing or old',
      '+c',
    ]);
  });

  it('given such a hole, when the watch ends anyway, then everything is read anew and the hole is closed', async () => {
    const { server, client, clock, seen } = await started();
    server.write('nonsense\n');
    await clock.advance(minutes(1));
    server.bookmark();
    await settle();
    seen.heard();
    server.cut('end');
    await clock.advance(seconds(10));
    expect(seen.heard()).toEqual(['synced']);
    expect(lists(client)).toBe(2);
  });

  it('given a reset in the middle of an event, when the watch resumes, then the event is read whole', async () => {
    const { server, clock, seen } = await started();
    server.write('{"type":"MODIFIED","obj');
    server.cut('break');
    server.put('a', 'Terminating');
    await clock.advance(seconds(5));
    expect(seen.world).toEqual(server.world);
    expect(seen.heard()).toEqual([expect.stringMatching(/^gap/), '+a', 'synced']);
  });
});

describe('protobuf', () => {
  const withProtobuf = (refuse: () => ScriptedAnswer) => {
    const server = new ScriptedCollection();
    server.put('a');
    const client = new ScriptedClient((request) =>
      request.accept.includes('protobuf') ? refuse() : server.serve(request),
    );
    const running = startReflecting(client, ['protobuf', 'json']);
    stop = running.stop;
    return { client, ...running };
  };

  it('given a server that does not serve it, when it is asked, then JSON is read and that is told', async () => {
    const { client, seen } = withProtobuf(() => statusAnswer(406, 'not acceptable'));
    await settle(10);
    expect(seen.heard()).toEqual([
      'gap: namespaces: protobuf is not served, reading json instead',
      '+a',
      'synced',
    ]);
    expect(client.requests.map(({ accept }) => accept)).toEqual([
      'application/vnd.kubernetes.protobuf;stream=watch',
      'application/json',
    ]);
  });

  it('given frames that make no sense, when they arrive, then JSON is read and that is told', async () => {
    const { seen } = withProtobuf(() => {
      const body = new ScriptedBody();
      body.write(new Uint8Array([0, 0, 0, 4, 1, 2, 3, 4]));
      return { status: 200, body };
    });
    await settle(10);
    const words = seen.heard();
    expect(words[0]).toMatch(/^gap: namespaces: protobuf does not parse/);
    expect(words.slice(1)).toEqual(['+a', 'synced']);
  });
});
