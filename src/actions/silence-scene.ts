import { freshnessAt, never } from '../kernel/freshness.ts';
import { sliceOf } from '../kernel/world.ts';
import { alertClusters } from '../probes/alert-clusters.ts';
import { alerts } from '../probes/alerts.ts';
import type { PlanScene } from './action.ts';
import type { SceneAlert, SceneSource, SilenceScene } from './silence.ts';

/** Alerts and Alertmanagers of the world, as a silence is planned from them. `cluster` narrows it; '' is all. */
export const silenceScene = (
  { world, now }: Pick<PlanScene, 'world' | 'now'>,
  cluster: string,
): SilenceScene => {
  const slice = sliceOf(world, alerts);
  const clusters = alertClusters(slice.state);
  const items = new Map<string, SceneAlert>();
  const sources: SceneSource[] = [];
  for (const [name, state] of slice.state) {
    const its = clusters.get(name) ?? name;
    if (cluster !== '' && its !== cluster) continue;
    const { kind } = freshnessAt(
      slice.scopes.get(name) ?? slice.scopes.get('') ?? never,
      now,
      alerts.patience,
    );
    sources.push({
      name,
      kind: state.info?.kind ?? 'alertmanager',
      cluster: its,
      tone: kind === 'fresh' ? 'good' : kind === 'failing' ? 'bad' : 'stale',
    });
    for (const [key, alert] of state.alerts) {
      if (items.has(key)) continue;
      items.set(key, {
        key,
        kind: 'alert',
        name: alert.labels.alertname ?? '',
        severity: alert.labels.severity ?? '',
        state: alert.state === 'unprocessed' ? 'firing' : alert.state,
        subject: '',
        labels: alert.labels,
      });
    }
  }
  return { items: [...items.values()], sources };
};
