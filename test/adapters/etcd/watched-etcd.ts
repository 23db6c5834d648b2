import { systemClock } from '../../../src/adapters/clock.ts';
import { etcdSource } from '../../../src/adapters/etcd/etcd-source.ts';
import { forbiddenEtcdRequest } from '../../../src/adapters/etcd/request-guard.ts';
import { type DirectHttp, directHttp } from '../../../src/adapters/http/direct.ts';
import type { Clock } from '../../../src/kernel/clock.ts';
import type { EtcdData } from '../../../src/kernel/etcd-fact.ts';
import { failed, failure } from '../../../src/kernel/failure.ts';
import { noTls, type SourceTls } from '../../../src/kernel/source-target.ts';
import { epochMs, milliseconds } from '../../../src/kernel/units.ts';
import { until } from '../../support/until.ts';

export type Told = Extract<EtcdData, { kind: 'status' | 'down' }>;

/** The machine's time, so many times as fast: a minute of watching in some seconds. */
export const fasterClock = (times: number): Clock => {
  const began = systemClock.now();
  return {
    now: () => epochMs(began + (systemClock.now() - began) * times),
    sleep: (wait, signal) => systemClock.sleep(milliseconds(wait / times), signal),
  };
};

/** An etcd source that watches real members, and what goes over its wires. */
export const watchEtcd = (
  endpoints: readonly string[],
  tls: Partial<SourceTls>,
  clock: Clock = systemClock,
) => {
  const data: EtcdData[] = [];
  const opened: { readonly url: string; readonly source: DirectHttp }[] = [];
  const stop = new AbortController();
  const target = { name: 'payments', endpoints, tls: { ...noTls, ...tls } };
  const ended = etcdSource({
    settings: { etcd: [target], discover: false, etcdTls: noTls },
    kubernetes: { get: async () => failed(failure('broken', 'get', 'not asked for')) },
    clock,
    random: () => 0.5,
    version: '1.2.3',
    open: (address) => {
      const source = directHttp({
        way: { kind: 'direct', url: address.url },
        auth: { kind: 'none' },
        tls: address.tls,
        clock,
        version: '1.2.3',
        guard: forbiddenEtcdRequest,
      });
      opened.push({ url: address.url, source });
      return source;
    },
  }).watch((signals) => {
    for (const signal of signals) if (signal.kind === 'observed') data.push(signal.data);
  }, stop.signal);
  const cluster = () =>
    data.findLast((d) => d.kind === 'cluster') as Extract<EtcdData, { kind: 'cluster' }>;
  const keyOf = (name: string): string =>
    cluster().members.find((m) => m.name === name || m.key === name)?.key ?? name;
  /** The latest word of a member since a place in `data`. */
  const latest = (name: string, from = 0): Told | undefined =>
    data
      .slice(from)
      .findLast(
        (d): d is Told => (d.kind === 'status' || d.kind === 'down') && d.member === keyOf(name),
      );
  return {
    data,
    cluster,
    latest,
    /** Where `data` is now: what is asked from here on is news. */
    mark: (): number => data.length,
    /** Waits until the latest word of a member is as wanted. */
    until: async (name: string, what: string, wanted: (told: Told) => boolean, from = 0) => {
      await until(
        `${name} ${what}`,
        () => {
          const told = latest(name, from);
          return told !== undefined && wanted(told);
        },
        30_000,
      );
      const told = latest(name, from);
      if (told === undefined) throw new Error(`${name} has said nothing`);
      return told;
    },
    traffic: () => {
      const sum = { requests: 0, received: 0, sent: 0, dials: 0 };
      for (const { source } of opened) {
        const { requests, received, sent, dials } = source.traffic();
        sum.requests += requests;
        sum.received += received;
        sum.sent += sent;
        sum.dials += dials;
      }
      return sum;
    },
    stop: async () => {
      stop.abort();
      await ended;
    },
  };
};

export type WatchedEtcd = ReturnType<typeof watchEtcd>;
