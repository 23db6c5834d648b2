import { hash } from 'node:crypto';
import {
  type AlertData,
  type AlertSourceInfo,
  alertsKept,
  type Silence,
  type SourceAlert,
} from '../../kernel/alert-fact.ts';
import type { Clock } from '../../kernel/clock.ts';
import { type Failure, failed, failure, ok, type Result } from '../../kernel/failure.ts';
import { type EpochMs, type Milliseconds, seconds, since } from '../../kernel/units.ts';
import { type Asked, askText, parsedJson } from '../http/ask-text.ts';
import type { HttpSource } from '../http/http-source.ts';
import type { Polled, Told } from '../http/poll-source.ts';
import { type AlertsRead, alertGroups } from './alert-groups.ts';
import { boundedNames, boundedText, listOf, membersOf, nameKept, timeOf } from './bounded-text.ts';
import { type SilencesRead, silencesIn } from './silences.ts';
import { keptOf, ToldBefore } from './told-before.ts';

const statusEvery: Milliseconds = seconds(60);
/** The Date header has whole seconds; a smaller difference than this is no news. */
const skewStep = 2000;

type Status = Pick<AlertSourceInfo, 'version' | 'peers' | 'clusterStatus' | 'startedAt'>;

const unknownInfo: Status = { version: '', peers: [], clusterStatus: '' };

/** Version, peers, the state of the cluster and the start in an answer of `/api/v2/status`. */
export const statusIn = (answer: unknown): Status => {
  const { cluster, versionInfo, uptime } = membersOf(answer);
  const startedAt = timeOf(uptime);
  const { peers, status } = membersOf(cluster);
  const names = boundedNames(listOf(peers).map((peer) => membersOf(peer).name));
  return {
    version: boundedText(membersOf(versionInfo).version, nameKept),
    peers: names.length > 1 ? names : [],
    clusterStatus: boundedText(status, nameKept),
    ...(startedAt > 0 ? { startedAt } : {}),
  };
};

/** Rounds of questions to one Alertmanager, and what of the answers is new. */
export class AlertmanagerPoll implements Polled<AlertData> {
  readonly scope: string;
  readonly near = seconds(5);
  readonly far = seconds(15);
  readonly #http: HttpSource;
  readonly #clock: Clock;
  readonly #alerts = new ToldBefore<SourceAlert>();
  readonly #silences = new ToldBefore<Silence>();
  /** Digests of the answers that were read last: the same text says the same. */
  #groupsText = '';
  #statusAt: EpochMs | null = null;
  #status = unknownInfo;
  #info = '';
  #skew: number | null = null;
  #left = 0;

  constructor(scope: string, http: HttpSource, clock: Clock) {
    this.scope = scope;
    this.#http = http;
    this.#clock = clock;
  }

  // Silences after alerts: whatever silences an alert of the answer is then known.
  async ask(anew: boolean, signal: AbortSignal): Promise<Told<AlertData>> {
    const groups = await this.#get('/api/v2/alerts/groups', signal);
    if (!groups.ok) return { data: [], end: { kind: 'failed', failure: groups.failure } };
    const alerts = this.#readAlerts(groups.value, anew);
    if (!alerts.ok) return { data: [], end: { kind: 'failed', failure: alerts.failure } };
    const silences = this.#readSilences(await this.#get('/api/v2/silences', signal));
    const told = this.#alerts.keys.length;
    const lost = alerts.value === null ? 0 : this.#alerts.missing(alerts.value.alerts);
    // Whoever has lost most of them may have lost them with a restart: those are not over.
    const askStatus = anew || lost * 2 > told;
    const data = [
      ...(await this.#source(groups.value.skew, askStatus, signal)),
      ...(silences.ok ? this.#tellSilences(silences.value) : []),
      ...(alerts.value === null ? [] : this.#tellAlerts(alerts.value)),
    ];
    if (!silences.ok) return { data, end: { kind: 'failed', failure: silences.failure } };
    const unread = (alerts.value?.unread ?? 0) + silences.value.unread;
    const listed: AlertData = {
      kind: 'listed',
      id: 'listed',
      fingerprints: this.#alerts.keys,
      silences: this.#silences.keys,
    };
    if (anew) data.push(listed);
    return unread === 0
      ? { data, end: { kind: 'whole' } }
      : { data, end: { kind: 'partly', why: `${unread} of its entries cannot be read` } };
  }

  #get(path: string, signal: AbortSignal): Promise<Result<Asked>> {
    return askText(this.#http, path, this.#clock, signal);
  }

  /** Null when the answer is the same as before. */
  #readAlerts({ text }: Asked, anew: boolean): Result<AlertsRead | null> {
    const digest = hash('sha1', text, 'base64');
    if (!anew && digest === this.#groupsText) return ok(null);
    const parsed = parsedJson(text, '/api/v2/alerts/groups');
    if (!parsed.ok) return parsed;
    const read = alertGroups(parsed.value);
    if (read === null) return failed(notAlertmanager('/api/v2/alerts/groups'));
    this.#groupsText = digest;
    return ok(read);
  }

  #readSilences(asked: Result<Asked>): Result<SilencesRead> {
    if (!asked.ok) return asked;
    const parsed = parsedJson(asked.value.text, '/api/v2/silences');
    if (!parsed.ok) return parsed;
    const read = silencesIn(parsed.value, this.#clock.now());
    return read === null ? failed(notAlertmanager('/api/v2/silences')) : ok(read);
  }

  #tellAlerts({ alerts }: AlertsRead): AlertData[] {
    const kept = keptOf(alerts, alertsKept, this.#alerts);
    const { changed, gone } = this.#alerts.diff(kept);
    const data: AlertData[] = [
      ...changed.map(([key, alert]) => ({ kind: 'alert', id: `alert/${key}`, alert }) as const),
      ...gone.map((key) => ({ kind: 'gone', id: `alert/${key}`, fingerprint: key }) as const),
    ];
    const left = alerts.size - kept.size;
    if (left !== this.#left) data.push({ kind: 'cut', id: 'cut', left });
    this.#left = left;
    return data;
  }

  #tellSilences({ silences }: SilencesRead): AlertData[] {
    const { changed, gone } = this.#silences.diff(silences);
    return [
      ...changed.map(
        ([id, silence]) => ({ kind: 'silence', id: `silence/${id}`, silence }) as const,
      ),
      ...gone.map((id) => ({ kind: 'unsilenced', id: `silence/${id}`, silence: id }) as const),
    ];
  }

  /** Who it is, when that is news. A status that cannot be had is no reason to doubt the alerts. */
  async #source(
    skew: number | null,
    atOnce: boolean,
    signal: AbortSignal,
  ): Promise<readonly AlertData[]> {
    const now = this.#clock.now();
    if (atOnce || this.#statusAt === null || since(this.#statusAt, now) >= statusEvery) {
      const asked = await this.#get('/api/v2/status', signal);
      const parsed = asked.ok ? parsedJson(asked.value.text, '/api/v2/status') : asked;
      if (parsed.ok) this.#status = statusIn(parsed.value);
      this.#statusAt = now;
    }
    if (skew === null || this.#skew === null || Math.abs(skew - this.#skew) >= skewStep) {
      this.#skew = skew;
    }
    const source: AlertSourceInfo = {
      kind: 'alertmanager',
      where: boundedText(this.#http.where, nameKept),
      ...this.#status,
      clockSkew: this.#skew,
    };
    const info = JSON.stringify(source);
    if (info === this.#info) return [];
    this.#info = info;
    return [{ kind: 'source', id: 'source', source }];
  }
}

const notAlertmanager = (on: string): Failure =>
  failure('undecodable', 'read', 'it answers, but not as an Alertmanager does', {
    on,
    hint: 'check that the URL is that of an Alertmanager, and its path',
  });
