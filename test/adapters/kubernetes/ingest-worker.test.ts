import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock, systemRandom } from '../../../src/adapters/clock.ts';
import { workerKubernetes } from '../../../src/adapters/kubernetes/kubernetes-port.ts';
import type { IngestThread, ToWorker } from '../../../src/adapters/kubernetes/worker-port.ts';
import {
  ingestUrl,
  startIngestThread,
} from '../../../src/adapters/kubernetes/worker-port-thread.ts';
import { noNamedSources } from '../../../src/kernel/source-target.ts';
import { Seen } from '../../support/live-kubernetes.ts';
import { answer, statusAnswer } from '../../support/scripted-api.ts';
import { ScriptedCollection } from '../../support/scripted-collection.ts';
import {
  type ScriptedServer,
  scriptedKubeconfig,
  startScriptedServer,
} from '../../support/scripted-server.ts';

const main = new URL('../../../src/main.tsx', import.meta.url).href;
const dir = mkdtempSync(join(tmpdir(), 'midwatch-'));
const kubeconfig = join(dir, 'kubeconfig');
const collection = new ScriptedCollection();
let server: ScriptedServer;

/** JSON only, as of a server that has no protobuf. */
const serve: ScriptedServer['script'] = (request) => {
  if (request.path === '/version') return answer(200, '{"major":"1"}');
  if (request.path === '/readyz') return answer(500, '[-]etcd failed');
  if (request.path !== '/api/v1/namespaces') return statusAnswer(404, 'nothing here');
  return request.accept.includes('protobuf')
    ? statusAnswer(406, 'only JSON')
    : collection.serve(request);
};

beforeAll(async () => {
  server = await startScriptedServer(serve);
  writeFileSync(kubeconfig, scriptedKubeconfig(server.url));
});
afterAll(async () => {
  await server.close();
  rmSync(dir, { recursive: true });
});

const stop = new AbortController();
let close: () => Promise<void> = async () => {};
afterEach(() => close());

const start = (path: string) => {
  const threads: IngestThread[] = [];
  const kubernetes = workerKubernetes({
    clock: systemClock,
    random: systemRandom,
    start: () => {
      const thread = startIngestThread(ingestUrl(main), {
        flags: { kubeconfig: path },
        version: 'test',
        first: ['namespaces'],
        sources: noNamedSources,
      });
      threads.push(thread);
      return thread;
    },
  });
  close = kubernetes.close;
  return { threads, ...kubernetes };
};

describe('the real worker', () => {
  it('reads, follows, answers, and comes back with the difference after a crash', async () => {
    for (const name of ['a', 'b', 'c']) collection.put(name);
    const { port, info, threads } = start(kubeconfig);
    const seen = new Seen();
    void port.watch('namespaces', seen.emit, stop.signal);
    await seen.until('namespaces are read', ({ synced }) => synced.has(''));
    expect(seen.keys).toEqual(['a', 'b', 'c']);
    expect(await info).toMatchObject({ ok: true, value: { context: 'scripted' } });
    collection.put('d');
    await seen.until('d appears', ({ objects }) => objects.has('d'));
    expect(await port.get('/version', stop.signal)).toEqual({ ok: true, value: '{"major":"1"}' });
    expect(await port.get('/nothing', stop.signal)).toMatchObject({
      ok: false,
      failure: { kind: 'absent', message: 'nothing here', on: '/nothing' },
    });
    expect(await port.probe('/readyz', stop.signal)).toEqual({
      ok: true,
      value: { status: 500, body: '[-]etcd failed' },
    });
    // A message that does not exist: the worker throws, as a bug of ours would have it.
    threads[0]?.post({ kind: 'nonsense' } as unknown as ToWorker);
    await seen.until('it failed', ({ words }) => words.includes('failed: ended'));
    collection.delete('b');
    expect(seen.keys).toEqual(['a', 'b', 'c', 'd']);
    await seen.until('it is back', ({ synced }) => synced.has(''));
    expect(seen.keys).toEqual(['a', 'c', 'd']);
    expect(threads).toHaveLength(2);
  }, 60_000);

  it('given no kubeconfig, when it is asked and watched, then everything fails with the reason', async () => {
    const { port, info } = start(join(dir, 'absent'));
    expect(await info).toMatchObject({ ok: false, failure: { kind: 'misconfigured' } });
    const seen = new Seen();
    void port.watch('pods', seen.emit, stop.signal);
    await seen.until('it fails', ({ words }) => words.includes('failed: misconfigured'));
    expect(await port.get('/version', stop.signal)).toMatchObject({ ok: false });
  }, 60_000);
});
