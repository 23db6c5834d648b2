import type { StreamItem } from '../findings/alert-stream.ts';
import { health } from '../findings/health.ts';
import type { Labels } from '../kernel/alert-fact.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Store } from '../kernel/store.ts';
import { sliceOf } from '../kernel/world.ts';
import { runs } from '../probes/runs.ts';
import { placeNow, type SessionStore } from '../views/session.ts';

/** An alert that is not known yet: its fingerprint or its name, and labels that it must have. */
export interface WantedAlert {
  readonly alert: string;
  readonly labels: Labels;
}

const fits = (item: StreamItem, { alert, labels }: WantedAlert): boolean =>
  item.kind === 'alert' &&
  item.name === alert &&
  Object.entries(labels).every(([name, value]) => item.labels[name] === value);

/** The one that is meant: by its fingerprint, else of those with the name the first that fires. */
const meant = (items: readonly StreamItem[], wanted: WantedAlert): StreamItem | undefined => {
  const named = items.filter((item) => fits(item, wanted));
  return (
    items.find(({ key }) => key === wanted.alert) ??
    named.find(({ state }) => state === 'firing') ??
    named.find(({ state }) => state !== 'resolved')
  );
};

/**
 * Puts the alert that is meant beside its runbook, as soon as somebody tells of it, unless another place has been gone to
 * or a run has begun meanwhile.
 */
export const leadToAlert = (
  wanted: WantedAlert,
  store: Pick<Store, 'world' | 'subscribe'>,
  session: SessionStore,
  clock: Pick<Clock, 'now'>,
  signal: AbortSignal,
): void => {
  const begun = placeNow(session.get()).args;
  const look = (): void => {
    const place = placeNow(session.get());
    const world = store.world();
    const walked =
      begun.alert !== undefined &&
      [...sliceOf(world, runs).state.values()].some(
        ({ alert, ended }) => alert?.fingerprint === begun.alert && ended === null,
      );
    if (place.view !== 'runbook' || place.args.runbook !== begun.runbook || walked) return end();
    const item = meant(health(world, clock.now()).alerts.items, wanted);
    if (item === undefined) return;
    end();
    session.dispatch({ kind: 'args', args: { alert: item.key, labels: '' } });
  };
  const end = store.subscribe(look);
  signal.addEventListener('abort', end, { once: true });
};
