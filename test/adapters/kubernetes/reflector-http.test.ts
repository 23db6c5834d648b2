import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Live, openLive } from '../../support/live-kubernetes.ts';
import { statusAnswer } from '../../support/scripted-api.ts';
import { ScriptedCollection } from '../../support/scripted-collection.ts';
import {
  type ScriptedServer,
  scriptedKubeconfig,
  startScriptedServer,
} from '../../support/scripted-server.ts';

let server: ScriptedServer;
let live: Live;
let collection: ScriptedCollection;
let dir: string;

const serve: ScriptedServer['script'] = (request) =>
  request.accept.includes('protobuf') ? statusAnswer(415, 'only JSON') : collection.serve(request);

beforeEach(async () => {
  collection = new ScriptedCollection();
  for (const name of ['a', 'b', 'c']) collection.put(name);
  server = await startScriptedServer(serve);
  dir = mkdtempSync(join(tmpdir(), 'midwatch-'));
  const kubeconfig = join(dir, 'kubeconfig');
  writeFileSync(kubeconfig, scriptedKubeconfig(server.url));
  live = await openLive({ kubeconfig });
});
afterEach(async () => {
  await live.stop();
  await server.close();
  rmSync(dir, { recursive: true });
});

const started = async () => {
  const seen = live.watch('namespaces');
  await seen.until('everything is read', ({ synced }) => synced.has(''));
  seen.words.length = 0;
  return seen;
};

const lists = () => server.requests.filter((path) => !/watch=true.*&resourceVersion=/.test(path));

// What a socket adds to the scripted tests in memory: chunks, resets, and requests that have to be let go.
describe('a reflector over a real socket', () => {
  it('given a connection that is reset inside an event, when it is back, then nothing is lost and nothing listed', async () => {
    const seen = await started();
    const before = lists().length;
    collection.write('{"type":"MODIFIED","object":{"metadata":{"na');
    collection.cut('break');
    collection.delete('b');
    collection.put('d');
    await seen.until('it is back', ({ objects, synced }) => objects.has('d') && synced.has(''));
    expect(seen.keys).toEqual(['a', 'c', 'd']);
    expect(seen.words[0]).toMatch(/^gap: watch connection lost/);
    expect(lists()).toHaveLength(before);
  });

  it('given an ERROR event with the stream left open, when it arrives, then the request is let go and the list is read', async () => {
    const seen = await started();
    const before = lists().length;
    const error = { code: 410, reason: 'Expired', message: 'too old resource version' };
    collection.write(`${JSON.stringify({ type: 'ERROR', object: error })}\n`);
    await seen.until(
      'it is back',
      ({ synced, words }) => synced.has('') && words.includes('synced'),
    );
    expect(lists()).toHaveLength(before + 1);
    expect(collection.watching).toBe(1);
  });

  it('given 500 and 429, when they pass, then it is back and only two tries were told', async () => {
    const seen = await started();
    let left = 2;
    server.script = () => {
      left -= 1;
      if (left === 0) server.script = serve;
      return left === 1
        ? statusAnswer(500, 'etcd leader changed')
        : statusAnswer(429, 'too many requests', { 'retry-after': '1' });
    };
    collection.cut('end');
    await seen.until(
      'it is back',
      ({ synced, words }) => synced.has('') && words.includes('synced'),
    );
    expect(seen.words).toEqual([
      'gap: watch ended by the server: etcd leader changed',
      'failed: refused',
      'synced',
    ]);
  });
});
