import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from '../test/cluster/api-client.ts';
import type { Terminal } from '../test/support/terminal.ts';
import { type ChangingPod, type ClusterSize, readPod, setRestarts } from './api.ts';
import { keepChanging } from './changes.ts';
import { grounds, lineOf, podsCounted, podsOn } from './pods-screen.ts';
import { cpuMsOf, rssOf } from './process-use.ts';
import type { Measured, Phase } from './rows.ts';
import { quantile } from './statistics.ts';
import type { Subject } from './subject.ts';
import { withChurn } from './with-churn.ts';

export interface Bench {
  readonly kubeconfig: string;
  readonly api: ApiClient;
  readonly size: ClusterSize;
  readonly phases: ReadonlySet<Phase>;
  readonly report: (line: string) => void;
}

const startWithin = 120_000;
const changesPerSecond = 200;
const megabyte = 1_000_000;

/** One start of one program, and everything that is measured of it before it is ended. */
export const session = async (subject: Subject, bench: Bench): Promise<Measured> => {
  const began = performance.now();
  await using terminal = subject.open(bench.kubeconfig);
  const start = await started(terminal, bench, began);
  const { phases } = bench;
  await sleep(phases.size > 1 ? 10_000 : 0);
  return {
    ...start,
    ...(phases.has('rest') || phases.has('large') ? await atRest(terminal, phases) : {}),
    ...(phases.has('churn') ? await changing(terminal, bench) : {}),
    ...(phases.has('visible') ? await inSight(terminal, bench) : {}),
  };
};

const started = async (terminal: Terminal, { size }: Bench, began: number): Promise<Measured> => {
  const since = () => (performance.now() - began) / 1000;
  await terminal.until((text) => podsOn(text, size.namespaces).length >= 3, startWithin);
  const first = since();
  await terminal.until((text) => (podsCounted(text) ?? 0) >= size.pods, startWithin);
  const complete = since();
  return {
    'start-first': first,
    'start-complete': complete,
    'start-cpu': cpuMsOf(terminal.pid) / 1000,
  };
};

/** Share of one core in per cent, and bytes to the terminal per second, over a time. */
export const usedOver = async (terminal: Terminal, ms: number) => {
  const [began, cpu, bytes] = [performance.now(), cpuMsOf(terminal.pid), terminal.written];
  await sleep(ms);
  const lasted = performance.now() - began;
  return {
    cpu: ((cpuMsOf(terminal.pid) - cpu) / lasted) * 100,
    bytesPerSecond: ((terminal.written - bytes) / lasted) * 1000,
  };
};

const atRest = async (terminal: Terminal, phases: ReadonlySet<Phase>): Promise<Measured> => {
  const rss = rssOf(terminal.pid) / megabyte;
  if (!phases.has('rest')) return { rss };
  const { cpu, bytesPerSecond } = await usedOver(terminal, 20_000);
  return { rss, 'cpu-idle': cpu, 'bytes-idle': bytesPerSecond };
};

const changing = async (terminal: Terminal, bench: Bench): Promise<Measured> => {
  const { value, achieved } = await withChurn(bench.kubeconfig, changesPerSecond, async () => {
    const { cpu } = await usedOver(terminal, 15_000);
    const keys = await keyTimes(terminal, 100);
    return {
      'cpu-churn': cpu,
      'key-p50': quantile(keys, 0.5),
      'key-p99': quantile(keys, 0.99),
      'rss-churn': rssOf(terminal.pid) / megabyte,
    };
  });
  if (achieved < changesPerSecond * 0.9) {
    bench.report(`only ${achieved.toFixed(0)} changes a second could be made`);
  }
  return value;
};

/** Milliseconds from each key until the cursor has moved; a key that is lost costs what it was waited for. */
export const keyTimes = async (terminal: Terminal, keys: number): Promise<readonly number[]> => {
  const times: number[] = [];
  for (let i = 0; i < keys; i += 1) {
    await sleep(60 + ((i * 37) % 100));
    const before = grounds(terminal);
    const sent = performance.now();
    terminal.send(i % 2 === 0 ? 'j' : 'k');
    await terminal.until(() => grounds(terminal) !== before, 3000).catch(() => undefined);
    times.push(performance.now() - sent);
  }
  return times;
};

const inSight = async (terminal: Terminal, bench: Bench): Promise<Measured> => {
  const { api, size } = bench;
  const seen = podsOn(terminal.text(), size.namespaces).slice(3, 13);
  const pods = await Promise.all(seen.map((pod) => readPod(api, pod)));
  const times: number[] = [];
  for (let i = 0; i < 20; i += 1) {
    await sleep(300 + ((i * 137) % 500));
    const pod = pods[i % pods.length] as ChangingPod;
    const number = 301 + i;
    const shown = new RegExp(`\\b${number}\\b`);
    const sent = performance.now();
    const answered = setRestarts(api, pod, number);
    await terminal.until((text) => shown.test(lineOf(text, pod)), 15_000);
    times.push(performance.now() - sent);
    await answered;
  }
  const ended = new AbortController();
  const changes = keepChanging(api, pods, 10, ended.signal);
  const { bytesPerSecond } = await usedOver(terminal, 15_000);
  ended.abort();
  await changes;
  return { visible: quantile(times, 0.5), 'bytes-visible': bytesPerSecond };
};
