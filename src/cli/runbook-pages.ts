import { freshFor, type Page } from '../adapters/runbooks/read-page.ts';
import type { Clock } from '../kernel/clock.ts';
import { failureText, type Result } from '../kernel/failure.ts';
import type { Store } from '../kernel/store.ts';
import { type Milliseconds, minutes, since } from '../kernel/units.ts';
import { pageWanted } from '../views/runbook/situation.ts';
import { placeNow, type SessionStore } from '../views/session.ts';
import type { RunbookDesk } from './runbook-desk.ts';
import type { OpenShelf } from './runbook-shelf.ts';

/** After a reading that did not go well, as long as somebody looks at the place. */
export const pageAgain: Milliseconds = minutes(1);

export interface PagesDeps {
  readonly clock: Clock;
  /** A page from its server, or from the copy of it that is here; in bounded time. */
  readonly read: (url: string, signal: AbortSignal) => Promise<Result<Page>>;
}

const noteOf = ({ from }: Page): string =>
  from.kind === 'offline' ? failureText(from.failure) : '';

/**
 * Reads the page that a runbook on the screen is, when somebody comes to it and what is known of it is not fresh. A page
 * that cannot be had counts as a dead link, and is asked for again.
 */
export const followPages = (
  desk: Pick<RunbookDesk, 'shelf' | 'subscribe' | 'tell'>,
  store: Pick<Store, 'world' | 'subscribe'>,
  session: SessionStore,
  { clock, read }: PagesDeps,
  signal: AbortSignal,
): void => {
  const reading = new Set<string>();
  let last: string | null = null;
  const wanted = (shelf: OpenShelf): string | null => {
    const place = placeNow(session.get());
    if (place.view !== 'runbook') return null;
    return pageWanted(shelf, { world: store.world(), now: clock.now(), place });
  };
  const known = (shelf: OpenShelf, url: string): boolean => {
    const page = shelf.pageAt(url);
    return page.kind === 'read' && since(page.fetchedAt, clock.now()) < freshFor;
  };
  const fetch = async (shelf: OpenShelf, url: string): Promise<void> => {
    if (shelf.pageAt(url).kind === 'unread') shelf.putPage(url, { kind: 'reading' });
    desk.tell();
    for (;;) {
      const page = await read(url, signal);
      if (signal.aborted) return;
      if (page.ok) {
        const { text, fetchedAt } = page.value;
        shelf.putPage(url, { kind: 'read', fetchedAt, note: noteOf(page.value) }, text);
        return desk.tell();
      }
      const { message, hint = '' } = page.failure;
      // What was read before is better than nothing.
      if (shelf.pageAt(url).kind !== 'read') {
        shelf.putPage(url, { kind: 'failed', why: message, hint });
      }
      desk.tell();
      await clock.sleep(pageAgain, signal);
      if (signal.aborted || placeNow(session.get()).view !== 'runbook') return;
    }
  };
  const look = (): void => {
    const shelf = desk.shelf();
    if (shelf === null) return;
    const url = wanted(shelf);
    const came = url !== last;
    last = url;
    if (url === null || !came || reading.has(url) || known(shelf, url)) return;
    reading.add(url);
    void fetch(shelf, url).finally(() => reading.delete(url));
  };
  const ends = [store.subscribe(look), session.subscribe(look), desk.subscribe(look)];
  signal.addEventListener('abort', () => ends.forEach((end) => void end()), { once: true });
  look();
};
