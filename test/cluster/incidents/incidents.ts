import { alertmanagerDown } from './drills/alertmanager-down.ts';
import { apiserverDown } from './drills/apiserver-down.ts';
import { etcdMemberSlow } from './drills/etcd-member-slow.ts';
import { etcdNospace } from './drills/etcd-nospace.ts';
import { nodeLost } from './drills/node-lost.ts';
import { etcd2143 } from './etcd-21-43/etcd-21-43.ts';
import type { Incident } from './incident.ts';

/** Everything that is recorded and bundled. One more drill is one file and one line here. */
export const incidents: readonly Incident[] = [
  etcd2143,
  etcdNospace(),
  etcdMemberSlow(),
  apiserverDown(),
  alertmanagerDown(),
  nodeLost(),
];

/** @throws when there is none of that name, with the names that there are. */
export const incidentNamed = (name: string): Incident => {
  const found = incidents.find((incident) => incident.name === name);
  if (found !== undefined) return found;
  throw new Error(`no incident ${name}; there are ${incidents.map((i) => i.name).join(', ')}`);
};
