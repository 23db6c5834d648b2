/**
 * What reading logs takes at 50 000 lines a second: ten containers are followed through a real client over loopback,
 * while a timer stands for the keys that somebody presses. And what the same lines take as fast as they can be read.
 * Without a cluster: `node bench/logs.ts`.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { systemClock } from '../src/adapters/clock.ts';
import { openCluster } from '../src/adapters/kubernetes/open-cluster.ts';
import { readLogs } from '../src/adapters/logs/read-logs.ts';
import { mib, seconds } from '../src/kernel/units.ts';

const pods = 10;
const rate = 50_000;
const lasts = seconds(15);
const ticks = 20;

const words = 'GET /api/v1/orders/8317 200 12ms user=4711 trace=9f86d081884c7d659a2feaa0c55ad015';

/** Serves lists of pods, and logs: paced, or as fast as they are taken. */
const serve = (paced: boolean): void => {
  const now = new Date().toISOString();
  const object = (name: string) => ({
    metadata: { name, namespace: 'bench', uid: name },
    spec: { containers: [{ name: 'app' }] },
    status: {
      phase: 'Running',
      containerStatuses: [
        { name: 'app', containerID: 'c', state: { running: { startedAt: now } } },
      ],
    },
  });
  const names = Array.from({ length: pods }, (_, i) => `pod-${i}`);
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://bench');
    if (!url.pathname.endsWith('/log')) {
      if (url.searchParams.get('watch') === 'true')
        return void response.writeHead(200).flushHeaders();
      const one = names.find((n) => url.pathname.endsWith(`/${n}`));
      const body = one === undefined ? { metadata: {}, items: names.map(object) } : object(one);
      return void response.end(JSON.stringify(body));
    }
    let n = 0;
    const block = (count: number): string => {
      const second = new Date().toISOString().slice(0, 20);
      let text = '';
      for (let i = 0; i < count; i += 1) {
        n += 1;
        const nanos = String(Math.floor((performance.now() % 1000) * 1e6 + i) % 1e9);
        text += `${second}${nanos.padStart(9, '0')}Z ${words} n=${n}\n`;
      }
      return text;
    };
    response.writeHead(200);
    if (paced) {
      const timer = setInterval(() => response.write(block(rate / pods / ticks)), 1000 / ticks);
      response.on('close', () => clearInterval(timer));
      return;
    }
    const whole = Buffer.from(block(1000));
    const more = (): void => {
      while (response.write(whole));
      response.once('drain', more);
    };
    more();
  });
  server.listen(0, '127.0.0.1', () =>
    parentPort?.postMessage((server.address() as AddressInfo).port),
  );
};

interface Figures {
  readonly lines: number;
  readonly took: number;
  readonly cpu: number;
  readonly p99: number;
  readonly worst: number;
  readonly rss: number;
}

const measure = async (paced: boolean): Promise<Figures> => {
  const worker = new Worker(new URL(import.meta.url), { workerData: { paced } });
  const dir = mkdtempSync(join(tmpdir(), 'midwatch-bench-'));
  const stop = new AbortController();
  try {
    const port = await new Promise<number>((resolve) => worker.once('message', resolve));
    const kubeconfig = join(dir, 'config');
    const named = { name: 'bench', cluster: { server: `http://127.0.0.1:${port}` } };
    const context = { name: 'bench', context: { cluster: 'bench', user: 'bench' } };
    const config = { clusters: [named], contexts: [context], users: [{ name: 'bench', user: {} }] };
    writeFileSync(kubeconfig, JSON.stringify({ ...config, 'current-context': 'bench' }));
    const flags = { kubeconfig };
    const opened = await openCluster(
      { flags, env: {}, clock: systemClock, version: 'bench' },
      stop.signal,
    );
    if (!opened.ok) throw new Error(opened.failure.message);
    let lines = 0;
    const delay = monitorEventLoopDelay({ resolution: 1 });
    const before = process.cpuUsage();
    const began = performance.now();
    delay.enable();
    let rss = 0;
    const watching = setInterval(() => {
      rss = Math.max(rss, process.memoryUsage().rss);
    }, 100);
    const read = await readLogs({ client: opened.value.client, clock: systemClock })(
      {
        kind: 'logs',
        target: {
          namespace: 'bench',
          pods: { kind: 'selected', selector: 'app=bench' },
          containers: null,
        },
        bounds: {
          since: { kind: 'age', age: seconds(60) },
          tail: null,
          limitBytes: mib(100_000),
          previous: false,
          lease: lasts,
          streams: pods,
        },
      },
      (items) => {
        lines += items.length;
      },
      stop.signal,
    );
    clearInterval(watching);
    delay.disable();
    if (!read.ok) throw new Error(read.failure.message);
    const took = (performance.now() - began) / 1000;
    const used = process.cpuUsage(before);
    return {
      lines,
      took,
      cpu: (used.user + used.system) / 1e6 / took,
      p99: delay.percentile(99) / 1e6,
      worst: delay.max / 1e6,
      rss: rss / 2 ** 20,
    };
  } finally {
    stop.abort();
    await worker.terminate();
    rmSync(dir, { recursive: true, force: true });
  }
};

const tell = (what: string, { lines, took, cpu, p99, worst, rss }: Figures): void => {
  const per = Math.round(lines / took).toLocaleString('en');
  console.log(
    `${what}: ${per} lines/s over ${took.toFixed(1)} s; ${(cpu * 100).toFixed(0)} % of a core with the server's part; thread held up p99 ${p99.toFixed(1)} ms, at worst ${worst.toFixed(1)} ms; RSS ${rss.toFixed(0)} MiB`,
  );
};

if (isMainThread) {
  tell(`${pods} logs at ${rate.toLocaleString('en')} lines/s`, await measure(true));
  tell(`${pods} logs as fast as they come`, await measure(false));
} else serve((workerData as { paced: boolean }).paced);
