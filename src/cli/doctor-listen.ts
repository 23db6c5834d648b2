import { systemClock, systemRandom } from '../adapters/clock.ts';
import type { OpenedIngest } from '../adapters/kubernetes/ingest-open.ts';
import { liveFeed } from '../adapters/live-feed.ts';
import { Attention } from '../adapters/sources/attention.ts';
import { openSources } from '../adapters/sources/open-sources.ts';
import { Journal } from '../kernel/journal.ts';
import { noSource } from '../kernel/no-source.ts';
import { type NamedSources, sourcesFor } from '../kernel/source-target.ts';
import { Store } from '../kernel/store.ts';
import { type Milliseconds, noRevision } from '../kernel/units.ts';
import type { World } from '../kernel/world.ts';
import { alerts } from '../probes/alerts.ts';
import { etcd } from '../probes/etcd.ts';
import { prometheus } from '../probes/prometheus.ts';

/** What is asked besides the API server, and what it said within the time. Ends all of it. */
export const heardWithin = async (
  patience: Milliseconds,
  opened: OpenedIngest,
  named: NamedSources,
  version: string,
  signal: AbortSignal,
): Promise<World> => {
  const probes = [etcd, alerts, prometheus];
  const journal = new Journal({ clock: systemClock });
  const store = new Store(probes);
  const { info } = opened.client;
  const feed = liveFeed({
    probes,
    ports: {
      ...openSources({
        ...opened,
        settings: sourcesFor(named, info.context),
        kubernetes: opened.port,
        clock: systemClock,
        random: systemRandom,
        attention: new Attention(),
        version,
      }).ports,
      clock: systemClock,
      kubernetes: opened.port,
      acknowledgements: noSource,
      runs: noSource,
      acts: noSource,
    },
    journal,
    origin: { cluster: info.cluster, context: info.context, by: `midwatch ${version}` },
    random: systemRandom,
  });
  const over = new AbortController();
  journal.watch(noRevision, (entries) => store.push(entries), over.signal);
  const running = feed.start(AbortSignal.any([signal, over.signal]));
  await systemClock.sleep(patience, signal);
  over.abort();
  await running;
  store.flush();
  return store.world();
};
