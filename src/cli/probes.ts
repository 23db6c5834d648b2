import type { AnyProbe } from '../kernel/probe.ts';
import { acknowledgements } from '../probes/acknowledgements.ts';
import { acts } from '../probes/acts.ts';
import { alerts } from '../probes/alerts.ts';
import { controlPlane } from '../probes/control-plane.ts';
import { discovery } from '../probes/discovery.ts';
import { etcd } from '../probes/etcd.ts';
import { objectProbes } from '../probes/index.ts';
import { link } from '../probes/link.ts';
import { metrics } from '../probes/metrics.ts';
import { prometheus } from '../probes/prometheus.ts';
import { runs } from '../probes/runs.ts';
import { tables } from '../probes/tables.ts';

/** Everything that is observed, in the order in which it is started. One more probe is one file and one line here. */
export const allProbes: readonly AnyProbe[] = [
  link,
  controlPlane,
  ...objectProbes,
  etcd,
  alerts,
  prometheus,
  acknowledgements,
  runs,
  acts,
  metrics,
  discovery,
  tables,
];
