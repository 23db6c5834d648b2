import type { Silence } from '../../kernel/alert-fact.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { EffectReads } from '../../kernel/effect-ports.ts';
import { type Failure, failed, failure, ok, type Result } from '../../kernel/failure.ts';
import type { SourceSettings, SourceTarget } from '../../kernel/source-target.ts';
import { epochMs, mib, seconds } from '../../kernel/units.ts';
import { silencesIn } from '../alertmanager/silences.ts';
import { wantedLines } from '../etcd/metrics-lines.ts';
import { askText, parsedJson } from '../http/ask-text.ts';
import { alertmanagerServices, discoverServices } from '../http/discover-services.ts';
import { openHttp } from '../http/open-http.ts';
import { ApiError } from '../kubernetes/network-failure.ts';
import type { OpenedCluster } from '../kubernetes/open-cluster.ts';
import { type EtcdEffectOptions, etcdEffect, openMember } from './etcd-effect.ts';

/** Questions about what has come of an effect, to whom it was sent. None of them changes anything. */
export interface EffectLooks {
  /** All that an Alertmanager still knows of, those that have ended too, by id. */
  silences(source: string, signal: AbortSignal): Promise<Result<ReadonlyMap<string, Silence>>>;
  /** Status of one member, JSON text of the gateway. */
  readonly etcdStatus: EffectReads['etcdStatus'];
  /** Lines of a member's metrics that say up to which revision it is compacted; '' where none does. */
  etcdCompaction(cluster: string, endpoint: string, signal: AbortSignal): Promise<Result<string>>;
}

export interface EffectLooksOptions {
  readonly settings: Pick<SourceSettings, 'alertmanagers' | 'discover'>;
  readonly read: EffectReads['kubernetes'];
  /** For what is reached through the API server. */
  readonly cluster: () => Promise<Result<OpenedCluster>>;
  readonly members: EtcdEffectOptions;
  readonly clock: Clock;
  /** Of midwatch, for the User-Agent header. */
  readonly version: string;
}

const silencesPath = '/api/v2/silences';
const scrapeWithin = seconds(5);
const longestScrape = mib(8);
const compactRevision = 'etcd_debugging_mvcc_compact_revision ';
/** Nothing that an Alertmanager still knows of is too old to be told. */
const everything = epochMs(0);

const noWay = (source: string): Failure =>
  failure('misconfigured', 'ask an Alertmanager', 'no way to it is known', { on: source });

const noSilences = (source: string): Failure =>
  failure('undecodable', 'read silences', 'it does not answer as an Alertmanager does', {
    on: source,
  });

export const effectLooks = (options: EffectLooksOptions): EffectLooks => {
  const { settings, read, cluster, members, clock, version } = options;

  const targetOf = async (name: string, signal: AbortSignal): Promise<Result<SourceTarget>> => {
    const named = settings.alertmanagers.find((t) => t.name === name);
    if (named !== undefined) return ok(named);
    if (!settings.discover) return failed(noWay(name));
    const found = await discoverServices({ get: read }, alertmanagerServices, signal);
    if (!found.ok) return found;
    const target = found.value.find((t) => t.name === name);
    return target === undefined ? failed(noWay(name)) : ok(target);
  };

  return {
    silences: async (name, signal) => {
      const target = await targetOf(name, signal);
      if (!target.ok) return target;
      const source = openHttp(target.value, {
        api: {
          request: async (call, until) => {
            const opened = await cluster();
            return opened.ok ? await opened.value.client.request(call, until) : opened;
          },
        },
        forward: async (to, until) => {
          const opened = await cluster();
          return opened.ok ? await opened.value.forward(to, until) : opened;
        },
        clock,
        version,
      });
      try {
        const asked = await askText(source, silencesPath, clock, signal);
        if (!asked.ok) return asked;
        const read = parsedJson(asked.value.text, silencesPath);
        const told = read.ok ? silencesIn(read.value, everything) : null;
        return told === null ? failed(noSilences(name)) : ok(told.silences);
      } finally {
        await source.close();
      }
    },

    etcdStatus: etcdEffect(members).etcdStatus,

    etcdCompaction: async (name, endpoint, signal) => {
      const opened = await openMember(members, name, endpoint, signal);
      if (!opened.ok) return opened;
      const source = opened.value;
      try {
        const sent = await source.request(
          { method: 'GET', path: '/metrics', timeout: scrapeWithin, limit: longestScrape },
          signal,
        );
        if (!sent.ok) return sent;
        const { status, body } = sent.value;
        const lines = await wantedLines(body, (line) => line.startsWith(compactRevision));
        if (status === 200) return ok(lines.join('\n'));
        const kind = status >= 500 ? 'broken' : 'refused';
        return failed(failure(kind, 'read metrics of etcd', `it answers with HTTP ${status}`));
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        return failed(error.failure);
      } finally {
        await source.close();
      }
    },
  };
};
