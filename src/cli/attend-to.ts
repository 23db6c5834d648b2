import { placeNow, type SessionStore } from '../views/session.ts';
import type { ClusterSession } from './cluster-session.ts';

/** Views that show what alerts say: while one of them is on screen, sources are asked more often. */
const near: ReadonlySet<string> = new Set([
  'home',
  'alerts',
  'alert',
  'silence',
  'broken',
  'proof',
]);

/** Lets the sources know whether somebody looks at the alerts, until the signal aborts. */
export const attendTo = (
  cluster: Pick<ClusterSession, 'attend'>,
  session: SessionStore,
  signal: AbortSignal,
): void => {
  const look = () => cluster.attend(near.has(placeNow(session.get()).view));
  look();
  const end = session.subscribe(look);
  signal.addEventListener('abort', end, { once: true });
};
