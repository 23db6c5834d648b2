import type { Clock } from '../../kernel/clock.ts';
import { type Failure, failed, failure, ok, type Result } from '../../kernel/failure.ts';
import { type EpochMs, type Milliseconds, minutes, since } from '../../kernel/units.ts';
import type { FetchedPage } from './fetch-page.ts';
import type { PageCache } from './page-cache.ts';

/** A younger copy is not asked about again. */
export const freshFor: Milliseconds = minutes(5);

/** A page, and how far it can be trusted. */
export interface Page {
  readonly text: string;
  /** When the server last said that this is it. */
  readonly fetchedAt: EpochMs;
  readonly from:
    | { readonly kind: 'server' }
    | { readonly kind: 'copy' }
    /** The server cannot be asked now; the copy is what there is. */
    | { readonly kind: 'offline'; readonly failure: Failure };
  /** Why no copy could be kept; null when one is. */
  readonly unkept: Failure | null;
}

export interface ReadPageDeps {
  readonly cache: PageCache;
  readonly clock: Pick<Clock, 'now'>;
  fetch(url: string, etag: string, signal: AbortSignal): Promise<Result<FetchedPage>>;
}

/** A page from its server, or from the copy of it that is here: the copy helps when the network is what has failed. */
export const readPage = async (
  url: string,
  { cache, clock, fetch }: ReadPageDeps,
  signal: AbortSignal,
): Promise<Result<Page>> => {
  const copy = await cache.get(url);
  const now = clock.now();
  if (copy !== null && copy.fetchedAt <= now && since(copy.fetchedAt, now) < freshFor) {
    const { text, fetchedAt } = copy;
    return ok({ text, fetchedAt, from: { kind: 'copy' }, unkept: null });
  }
  const fetched = await fetch(url, copy?.etag ?? '', signal);
  if (!fetched.ok) {
    if (copy === null) return fetched;
    const { text, fetchedAt } = copy;
    return ok({
      text,
      fetchedAt,
      from: { kind: 'offline', failure: fetched.failure },
      unkept: null,
    });
  }
  const page = fetched.value.kind === 'fresh' ? fetched.value : copy;
  if (page === null) {
    // Nothing was sent to compare with.
    const message = 'it answers that nothing has changed, and was not asked that';
    return failed(failure('undecodable', 'fetch runbook', message, { on: url }));
  }
  const fetchedAt = clock.now();
  const put = await cache.put({ url, etag: page.etag, fetchedAt, text: page.text });
  const unkept = put.ok ? null : put.failure;
  return ok({ text: page.text, fetchedAt, from: { kind: 'server' }, unkept });
};
