import type { AnyProbe } from '../kernel/probe.ts';
import { controlPlane } from '../probes/control-plane.ts';
import { discovery } from '../probes/discovery.ts';
import { objectProbes } from '../probes/index.ts';
import { link } from '../probes/link.ts';
import { metrics } from '../probes/metrics.ts';
import { tables } from '../probes/tables.ts';

/** Everything that is observed, in the order in which it is started. One more probe is one file and one line here. */
export const allProbes: readonly AnyProbe[] = [
  link,
  controlPlane,
  ...objectProbes,
  metrics,
  discovery,
  tables,
];
