import type { Clock, Random } from '../../kernel/clock.ts';
import type { EtcdMetrics } from '../../kernel/etcd-fact.ts';
import { type Failure, failed, type Result } from '../../kernel/failure.ts';
import { since } from '../../kernel/units.ts';
import type { HttpSource } from '../http/http-source.ts';
import { askMembers, askStatus, type StatusAnswer } from './ask.ts';
import { jittered, metricsEvery, rest, statusEvery } from './cadence.ts';
import type { ListedMember } from './gateway-answer.ts';
import { metricsReport } from './metrics-report.ts';
import type { MetricsSample } from './metrics-sample.ts';
import { type RosterMember, unreachableFrom } from './roster.ts';
import { scrape } from './scrape.ts';

export type MemberSaid =
  | { readonly kind: 'status'; readonly answer: StatusAnswer }
  | { readonly kind: 'down'; readonly failure: Failure }
  | { readonly kind: 'metrics'; readonly metrics: EtcdMetrics };

export interface MemberWatchOptions {
  readonly member: RosterMember;
  readonly clock: Clock;
  readonly random: Random;
  /** A connection to a URL of the member; a failure says why none can be had, e.g. for want of certificates. */
  readonly open: (url: string) => Promise<Result<HttpSource>>;
  readonly said: (what: MemberSaid) => void;
}

/** One member, asked on its own timers, so that it delays nobody and nobody delays it. */
export class MemberWatch {
  readonly #options: MemberWatchOptions;
  readonly #sources = new Map<string, Promise<Result<HttpSource>>>();

  constructor(options: MemberWatchOptions) {
    this.#options = options;
  }

  /** Runs until the signal aborts; then no timer and no connection is left. */
  async run(signal: AbortSignal): Promise<void> {
    try {
      await Promise.all([this.#statuses(signal), this.#metrics(signal)]);
    } finally {
      await this.#close();
    }
  }

  /** Who the members are, as this one has it. */
  async members(signal: AbortSignal): Promise<Result<readonly ListedMember[]>> {
    const source = await this.#source(this.#options.member.url);
    return source.ok ? await askMembers(source.value, signal) : source;
  }

  async #statuses(signal: AbortSignal): Promise<void> {
    const { member, clock, random, said } = this.#options;
    while (!signal.aborted) {
      const began = clock.now();
      const source = await this.#source(member.url);
      const answer = source.ok ? await askStatus(source.value, clock, signal) : source;
      if (signal.aborted) return;
      said(
        answer.ok
          ? { kind: 'status', answer: answer.value }
          : { kind: 'down', failure: answer.failure },
      );
      await clock.sleep(rest(jittered(statusEvery, random), since(began, clock.now())), signal);
    }
  }

  async #metrics(signal: AbortSignal): Promise<void> {
    const { member, clock, random, said } = this.#options;
    let before: MetricsSample | null = null;
    // The address that worked last is tried first.
    let urls = member.scrape;
    while (!signal.aborted && urls.length > 0) {
      const began = clock.now();
      for (const url of urls) {
        const source = await this.#source(url);
        const sample = source.ok ? await scrape(source.value, signal) : source;
        if (signal.aborted) return;
        if (!sample.ok) continue;
        said({ kind: 'metrics', metrics: metricsReport(before, sample.value) });
        before = sample.value;
        urls = [url, ...urls.filter((other) => other !== url)];
        break;
      }
      await clock.sleep(rest(jittered(metricsEvery, random), since(began, clock.now())), signal);
    }
  }

  #source(url: string | null): Promise<Result<HttpSource>> {
    if (url === null) return Promise.resolve(failed(unreachableFrom(this.#options.member)));
    const open = this.#sources.get(url);
    if (open !== undefined) return open;
    const opening = this.#options.open(url).then((opened) => {
      if (!opened.ok) this.#sources.delete(url);
      return opened;
    });
    this.#sources.set(url, opening);
    return opening;
  }

  async #close(): Promise<void> {
    const opened = await Promise.all(this.#sources.values());
    await Promise.all(
      opened.map(async (source) => (source.ok ? await source.value.close() : null)),
    );
  }
}
