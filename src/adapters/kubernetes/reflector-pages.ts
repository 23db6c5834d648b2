import type { Outcome } from './reflector-plan.ts';
import type { WatchItem } from './watch-decoder.ts';

/** Objects per page: a few megabytes, so that neither side holds a whole list. */
export const pageSize = 500;
/** Out of the server's memory it takes a second where pages out of its database take many. */
export const cachedList = 'resourceVersion=0';

export type ReadPage<S, N> = (
  query: string,
  /** To be called with every item of the page. */
  seen: (item: WatchItem<S, N>) => void,
) => Promise<Outcome | 'stopped'>;

export type Listed =
  | { readonly kind: 'listed'; readonly revision: string }
  | { readonly kind: 'not-listed'; readonly outcome: Outcome | 'stopped' };

interface Page {
  readonly revision: string;
  readonly next: Promise<Page> | null;
}

/**
 * Reads a whole list in pages. A page names its successor before its items, so the next one is asked for while
 * the former is still being parsed; never more than two are under way, and none when this returns.
 */
export const readPages = async <S, N>(
  readPage: ReadPage<S, N>,
  first = `limit=${pageSize}`,
): Promise<Listed> => {
  let failed: Outcome | 'stopped' | null = null;
  const start = async (
    token: string,
    lastButOne: Promise<void>,
    last: Promise<void>,
  ): Promise<Page> => {
    await lastButOne;
    if (failed !== null) return { revision: '', next: null };
    const self = Promise.withResolvers<void>();
    let revision = '';
    let next: Promise<Page> | null = null;
    const query = token === '' ? first : `limit=${pageSize}&continue=${encodeURIComponent(token)}`;
    const outcome = await readPage(query, (item) => {
      if (item.kind !== 'page') return;
      revision = item.revision;
      if (item.next !== '') next ??= start(item.next, last, self.promise);
    });
    if (outcome === 'stopped' || outcome.kind !== 'ended') failed ??= outcome;
    self.resolve();
    return { revision, next };
  };
  let revision = '';
  let page: Page | null = await start('', Promise.resolve(), Promise.resolve());
  while (page !== null) {
    revision = page.revision;
    page = await page.next;
  }
  return failed === null ? { kind: 'listed', revision } : { kind: 'not-listed', outcome: failed };
};
