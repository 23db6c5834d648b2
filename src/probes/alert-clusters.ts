import type { AlertsState } from './alerts.ts';

/** The name of a source's cluster by the source's name: those that have a peer in common are one. */
export const alertClusters = (state: AlertsState): ReadonlyMap<string, string> => {
  const clusters = new Map<string, string>();
  const byPeer = new Map<string, string>();
  for (const name of [...state.keys()].sort()) {
    const peers = state.get(name)?.info?.peers ?? [];
    const known = new Set(peers.flatMap((p) => byPeer.get(p) ?? []));
    const cluster = [...known].sort()[0] ?? name;
    // A source may join two that had nothing in common before it.
    for (const [other, its] of clusters) if (known.has(its)) clusters.set(other, cluster);
    for (const [peer, its] of byPeer) if (known.has(its)) byPeer.set(peer, cluster);
    for (const peer of peers) byPeer.set(peer, cluster);
    clusters.set(name, cluster);
  }
  return clusters;
};
