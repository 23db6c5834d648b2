import type { EtcdAddress } from '../../../src/adapters/etcd/cluster-watch.ts';
import { type EtcdSourceOptions, etcdSource } from '../../../src/adapters/etcd/etcd-source.ts';
import type { HttpAnswer, HttpSource } from '../../../src/adapters/http/http-source.ts';
import type { EtcdData } from '../../../src/kernel/etcd-fact.ts';
import type { Signal } from '../../../src/kernel/fact.ts';
import { failed, failure, ok, type Result } from '../../../src/kernel/failure.ts';
import { noTls, type SourceSettings } from '../../../src/kernel/source-target.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { until } from '../../support/until.ts';

/** What a played member answers; null: it never does. */
export type Played = Result<{ readonly status: number; readonly body: string }> | null;

export interface PlayedRequest {
  readonly at: number;
  readonly url: string;
  readonly method: string;
  readonly path: string;
}

export const json = (body: unknown, status = 200): Played =>
  ok({ status, body: JSON.stringify(body) });

export const refused: Played = failed(failure('unreachable', 'post', 'it refuses connections'));

export interface PlayedMember {
  readonly id: string;
  readonly name?: string;
  readonly cluster?: string;
  readonly leader?: string;
  readonly alarms?: readonly string[];
}

/** A status as etcd writes it. */
export const statusOf = ({ id, cluster = '77', leader = '1', alarms = [] }: PlayedMember): Played =>
  json({
    header: { cluster_id: cluster, member_id: id, revision: '5', raft_term: '2' },
    version: '3.6.8',
    dbSize: '20480',
    ...(leader === '' ? {} : { leader }),
    raftIndex: '9',
    raftTerm: '2',
    raftAppliedIndex: '9',
    ...(alarms.length === 0 ? {} : { errors: alarms }),
    dbSizeInUse: '16384',
  });

/** A member list as etcd writes it; those without a name were never started. */
export const membersOf = (members: readonly PlayedMember[]): Played =>
  json({
    header: { cluster_id: '77', member_id: '1', raft_term: '2' },
    members: members.map(({ id, name }) => ({
      ID: id,
      peerURLs: [`https://10.0.0.${id}:2380`],
      ...(name === undefined
        ? { isLearner: true }
        : { name, clientURLs: [`https://10.0.0.${id}:2379`] }),
    })),
  });

export const metricsText = 'etcd_server_has_leader 1\nprocess_start_time_seconds 100\n';

const answerOf = (status: number, body: string): HttpAnswer => ({
  status,
  headers: {},
  text: async () => ok(body),
  body: (async function* () {
    yield new TextEncoder().encode(body);
  })(),
});

export type Play = (url: string, path: string, method: string) => Played;

/** An etcd source whose members are played by a function, on a clock that the test moves. */
export const playEtcd = (
  settings: Partial<Pick<SourceSettings, 'etcd' | 'discover' | 'etcdTls'>>,
  play: Play,
  more: Partial<Pick<EtcdSourceOptions, 'kubernetes' | 'nodeFiles' | 'random'>> = {},
) => {
  const clock = new FakeClock();
  const started = clock.now();
  const requests: PlayedRequest[] = [];
  const opened: EtcdAddress[] = [];
  const signals: { readonly at: number; readonly signal: Signal<EtcdData> }[] = [];
  const state = { play, open: 0 };
  const open = (address: EtcdAddress): HttpSource => {
    opened.push(address);
    state.open += 1;
    return {
      where: address.url,
      request: async ({ method, path, timeout }, signal) => {
        requests.push({ at: clock.now() - started, url: address.url, method, path });
        const played = state.play(address.url, path, method);
        if (played !== null) {
          return played.ok ? ok(answerOf(played.value.status, played.value.body)) : played;
        }
        await clock.sleep(timeout as Parameters<typeof clock.sleep>[0], signal);
        return failed(failure('timeout', 'post', 'it did not answer within 2 s'));
      },
      close: async () => {
        state.open -= 1;
      },
    };
  };
  const stop = new AbortController();
  const ended = etcdSource({
    settings: { etcd: [], discover: false, etcdTls: noTls, ...settings },
    kubernetes: { get: async () => failed(failure('broken', 'get', 'not asked for')) },
    clock,
    random: () => 0.5,
    version: '1.2.3',
    open,
    ...more,
  }).watch((some) => {
    for (const signal of some) signals.push({ at: clock.now() - started, signal });
  }, stop.signal);
  const data = (): readonly EtcdData[] =>
    signals.flatMap(({ signal }) => (signal.kind === 'observed' ? [signal.data] : []));
  return {
    clock,
    requests,
    opened,
    signals,
    data,
    /** The latest `cluster` of that name. */
    cluster: (name: string) =>
      data().findLast((d) => d.kind === 'cluster' && d.cluster === name) as
        | Extract<EtcdData, { kind: 'cluster' }>
        | undefined,
    set play(next: Play) {
      state.play = next;
    },
    openConnections: () => state.open,
    /** Waits until so many facts of a kind were told: files are read in real time, whatever the clock says. */
    until: (kind: EtcdData['kind'], times: number): Promise<void> =>
      until(
        `${times} ${kind} were told`,
        () => data().filter((d) => d.kind === kind).length >= times,
      ),
    stop: async () => {
      stop.abort();
      await ended;
    },
  };
};

/** One etcd cluster in the settings, by its addresses. */
export const named = (name: string, ...endpoints: readonly string[]) => ({
  etcd: [{ name, endpoints, tls: noTls }],
});
