import { alertsKept, type SourceAlert } from '../../kernel/alert-fact.ts';
import type { Clock } from '../../kernel/clock.ts';
import { type Failure, failed, failure, ok, type Result } from '../../kernel/failure.ts';
import type { DownTarget, PrometheusData, PrometheusInfo } from '../../kernel/prometheus-fact.ts';
import { type Milliseconds, milliseconds, minutes, seconds } from '../../kernel/units.ts';
import {
  boundedNames,
  boundedText,
  listOf,
  membersOf,
  nameKept,
} from '../alertmanager/bounded-text.ts';
import { keptOf, ToldBefore } from '../alertmanager/told-before.ts';
import { askText, parsedJson } from '../http/ask-text.ts';
import type { HttpSource } from '../http/http-source.ts';
import type { Polled, Told } from '../http/poll-source.ts';
import { RuleNews } from './rule-news.ts';
import { type RulesRead, rulesAnswer } from './rules-answer.ts';
import { asTheyAre, type SentLabels, sentLabels } from './sent-labels.ts';
import { type TargetsRead, targetsAnswer } from './targets-answer.ts';

/** Version and Alertmanagers. */
const whoEvery: Milliseconds = seconds(60);
const configEvery: Milliseconds = minutes(5);
/** Rules kept of one Prometheus. */
const rulesKept = 20_000;
/** With thousands of targets the answer has megabytes: it is asked for at this rate, in bytes per second, at most. */
const targetsRate = 20_000;
const targetsRarest: Milliseconds = minutes(5);
const skewStep = 2000;

interface Answer {
  readonly value: unknown;
  readonly length: number;
  readonly skew: number | null;
}

/** Rounds of questions to one Prometheus, and what of the answers is new. */
export class PrometheusPoll implements Polled<PrometheusData> {
  readonly scope: string;
  readonly near = seconds(15);
  readonly far = seconds(30);
  readonly #http: HttpSource;
  readonly #clock: Clock;
  readonly #alerts = new ToldBefore<SourceAlert>();
  readonly #rules = new RuleNews();
  readonly #down = new ToldBefore<DownTarget>();
  /** When something may be asked again, by path. */
  readonly #due = new Map<string, number>();
  #labels: SentLabels = asTheyAre;
  #targets: TargetsRead | null = null;
  #version = '';
  #alertmanagers: readonly string[] = [];
  #ruleCount = 0;
  #skew: number | null = null;
  #info = '';

  constructor(scope: string, http: HttpSource, clock: Clock) {
    this.scope = scope;
    this.#http = http;
    this.#clock = clock;
  }

  // How alerts are labelled comes before the alerts: their fingerprints depend on it.
  async ask(anew: boolean, signal: AbortSignal): Promise<Told<PrometheusData>> {
    await this.#askConfig(anew, signal);
    const rules = await this.#askRules(signal);
    if (!rules.ok) return { data: [], end: { kind: 'failed', failure: rules.failure } };
    const data = this.#tellRules(rules.value);
    const targets = await this.#askTargets(anew, signal);
    if (targets.ok) data.push(...this.#tellTargets(targets.value));
    await this.#askWho(anew, signal);
    data.unshift(...this.#tellInfo());
    if (!targets.ok) return { data, end: { kind: 'failed', failure: targets.failure } };
    if (anew) {
      data.push({
        kind: 'listed',
        id: 'listed',
        fingerprints: this.#alerts.keys,
        rules: this.#rules.keys,
        down: this.#down.keys,
      });
    }
    const { alerts, rules: all, unread } = rules.value;
    const left =
      unread +
      Math.max(0, alerts.size - alertsKept) +
      Math.max(0, all.size - rulesKept) +
      targets.value.left;
    return left === 0
      ? { data, end: { kind: 'whole' } }
      : { data, end: { kind: 'partly', why: `${left} of its entries cannot be read or kept` } };
  }

  async #get(path: string, signal: AbortSignal): Promise<Result<Answer>> {
    const asked = await askText(this.#http, path, this.#clock, signal);
    if (!asked.ok) return asked;
    const { text, skew } = asked.value;
    const parsed = parsedJson(text, path.split('?')[0] ?? path);
    return parsed.ok ? ok({ value: parsed.value, length: text.length, skew }) : parsed;
  }

  /** Whether it is time to ask for this again; the next time is `wait` later. */
  #isDue(path: string, wait: Milliseconds, anew: boolean): boolean {
    const now = this.#clock.now();
    if (!anew && (this.#due.get(path) ?? 0) > now) return false;
    this.#due.set(path, now + wait);
    return true;
  }

  async #askConfig(anew: boolean, signal: AbortSignal): Promise<void> {
    const path = '/api/v1/status/config';
    if (!this.#isDue(path, configEvery, anew)) return;
    const answer = await this.#get(path, signal);
    if (answer.ok) this.#labels = sentLabels(answer.value.value);
    // What was refused will be refused; what was lost is asked for again.
    else if (answer.failure.status === undefined) this.#due.delete(path);
  }

  async #askRules(signal: AbortSignal): Promise<Result<RulesRead>> {
    const answer = await this.#get('/api/v1/rules?type=alert', signal);
    if (!answer.ok) return answer;
    const { skew, value } = answer.value;
    if (skew === null || this.#skew === null || Math.abs(skew - this.#skew) >= skewStep) {
      this.#skew = skew;
    }
    const read = rulesAnswer(value, this.#labels);
    return read === null ? failed(notPrometheus('/api/v1/rules')) : ok(read);
  }

  async #askTargets(anew: boolean, signal: AbortSignal): Promise<Result<TargetsRead>> {
    const path = '/api/v1/targets?state=active';
    if (this.#targets !== null && !this.#isDue(path, milliseconds(0), anew)) {
      return ok(this.#targets);
    }
    const began = this.#clock.now();
    const answer = await this.#get(path, signal);
    if (!answer.ok) return answer;
    const read = targetsAnswer(answer.value.value);
    if (read === null) return failed(notPrometheus('/api/v1/targets'));
    const rest = Math.min(targetsRarest, (answer.value.length / targetsRate) * 1000);
    this.#due.set(path, began + rest);
    this.#targets = read;
    return ok(read);
  }

  /** What cannot be had of this is no reason to doubt the rules. */
  async #askWho(anew: boolean, signal: AbortSignal): Promise<void> {
    if (!this.#isDue('who', whoEvery, anew)) return;
    const build = await this.#get('/api/v1/status/buildinfo', signal);
    if (build.ok) {
      this.#version = boundedText(membersOf(membersOf(build.value.value).data).version, nameKept);
    }
    const told = await this.#get('/api/v1/alertmanagers', signal);
    if (told.ok) {
      const { activeAlertmanagers } = membersOf(membersOf(told.value.value).data);
      this.#alertmanagers = boundedNames(listOf(activeAlertmanagers).map((a) => membersOf(a).url));
      // One that has just been started finds them seconds later.
      if (this.#alertmanagers.length === 0) this.#due.delete('who');
    }
  }

  #tellRules({ alerts, rules }: RulesRead): PrometheusData[] {
    const mine = this.#alerts.diff(keptOf(alerts, alertsKept, this.#alerts));
    const told = this.#rules.diff(new Map([...rules].slice(0, rulesKept)));
    this.#ruleCount = rules.size;
    return [
      ...told.changed.map(([key, rule]) => ({ kind: 'rule', id: `rule/${key}`, rule }) as const),
      ...told.gone.map((key) => ({ kind: 'ruleGone', id: `rule/${key}`, key }) as const),
      ...mine.changed.map(
        ([key, alert]) => ({ kind: 'alert', id: `alert/${key}`, alert }) as const,
      ),
      ...mine.gone.map((key) => ({ kind: 'gone', id: `alert/${key}`, fingerprint: key }) as const),
    ];
  }

  #tellTargets({ down }: TargetsRead): PrometheusData[] {
    const { changed, gone } = this.#down.diff(down);
    return [
      ...changed.map(([key, target]) => ({ kind: 'down', id: `target/${key}`, target }) as const),
      ...gone.map((key) => ({ kind: 'up', id: `target/${key}`, key }) as const),
    ];
  }

  #tellInfo(): readonly PrometheusData[] {
    const info: PrometheusInfo = {
      where: boundedText(this.#http.where, nameKept),
      version: this.#version,
      rules: this.#ruleCount,
      targets: this.#targets?.targets ?? 0,
      targetsUp: this.#targets?.up ?? 0,
      jobs: this.#targets?.jobs ?? [],
      alertmanagers: this.#alertmanagers,
      externalLabels: this.#labels.externalLabels,
      clockSkew: this.#skew,
    };
    const text = JSON.stringify(info);
    if (text === this.#info) return [];
    this.#info = text;
    return [{ kind: 'info', id: 'info', info }];
  }
}

const notPrometheus = (on: string): Failure =>
  failure('undecodable', 'read', 'it answers, but not as a Prometheus does', {
    on,
    hint: 'check that the URL is that of a Prometheus, and its path',
  });
