import type { Labels } from '../kernel/alert-fact.ts';
import type { Slim } from '../kernel/kind.ts';
import { sliceOf, type World } from '../kernel/world.ts';
import { isWatchdog } from '../probes/alert-watchdog.ts';
import { type AlertsState, alerts } from '../probes/alerts.ts';
import { type PrometheusState, prometheus } from '../probes/prometheus.ts';

/** An alert without a namespace belongs to none; that the Watchdog comes is proof for all of them. */
const isWithin =
  (namespace: string) =>
  ([, { labels }]: readonly [string, { readonly labels: Labels }]): boolean =>
    (labels.namespace ?? '') === '' || labels.namespace === namespace || isWatchdog(labels);

const alertsWithin = (state: AlertsState, namespace: string): AlertsState =>
  new Map(
    [...state].map(([name, source]) => [
      name,
      { ...source, alerts: new Map([...source.alerts].filter(isWithin(namespace))) },
    ]),
  );

const prometheusWithin = (state: PrometheusState, namespace: string): PrometheusState =>
  new Map(
    [...state].map(([name, source]) => [
      name,
      {
        ...source,
        alerts: new Map([...source.alerts].filter(isWithin(namespace))),
        down: new Map([...source.down].filter(isWithin(namespace))),
      },
    ]),
  );

/** The world without the objects and alerts of other namespaces. Slices of neither stay as they are. */
export const worldWithin = (world: World, namespace: string): World => {
  const slices = new Map(
    [...world.slices].map(([id, slice]) => {
      if (id === alerts.id) {
        const state = alertsWithin(sliceOf(world, alerts).state, namespace);
        return [id, { ...slice, state }] as const;
      }
      if (id === prometheus.id) {
        const state = prometheusWithin(sliceOf(world, prometheus).state, namespace);
        return [id, { ...slice, state }] as const;
      }
      if (!(slice.state instanceof Map)) return [id, slice] as const;
      const state = new Map(
        [...(slice.state as ReadonlyMap<string, Partial<Slim>>)].filter(
          ([, o]) => o.namespace === undefined || o.namespace === '' || o.namespace === namespace,
        ),
      );
      return [id, { ...slice, state }] as const;
    }),
  );
  return { ...world, slices };
};
