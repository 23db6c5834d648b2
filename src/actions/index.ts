import type { ActionDefinition } from './action.ts';
import { annotate } from './annotate.ts';
import { cordon, uncordon } from './cordon.ts';
import { debug } from './debug.ts';
import { debugNode } from './debug-node.ts';
import { debugSweep } from './debug-sweep.ts';
import { deletePod } from './delete.ts';
import { etcdCompact } from './etcd-compact.ts';
import { etcdDefrag } from './etcd-defrag.ts';
import { etcdDisarm } from './etcd-disarm.ts';
import { etcdMoveLeader } from './etcd-move-leader.ts';
import { etcdAlarms, etcdStatus } from './etcd-report.ts';
import { etcdSnapshot } from './etcd-snapshot.ts';
import { logs, logsPrevious } from './logs.ts';
import { restart } from './restart.ts';
import { scale } from './scale.ts';
import { silenceCreate } from './silence-create.ts';
import { silenceExpire } from './silence-expire.ts';

/** Everything that can be done, one file each. */
export const actions: readonly ActionDefinition[] = [
  cordon,
  uncordon,
  restart,
  scale,
  deletePod,
  debug,
  debugNode,
  debugSweep,
  annotate,
  logs,
  logsPrevious,
  silenceCreate,
  silenceExpire,
  etcdStatus,
  etcdAlarms,
  etcdCompact,
  etcdDefrag,
  etcdDisarm,
  etcdMoveLeader,
  etcdSnapshot,
];
