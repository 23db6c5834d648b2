import { act } from '../views/act.ts';
import { actsView } from '../views/acts.ts';
import { alertView } from '../views/alert.ts';
import { alertsView } from '../views/alerts.ts';
import { aliases } from '../views/aliases.ts';
import { broken } from '../views/broken.ts';
import { type ContextName, contextsView } from '../views/contexts.ts';
import { controlPlaneView } from '../views/control-plane.ts';
import { debugsView } from '../views/debugs.ts';
import { describe } from '../views/describe.ts';
import { etcdView } from '../views/etcd.ts';
import { etcdMember } from '../views/etcd-member.ts';
import { explorer } from '../views/explorer.ts';
import { home } from '../views/home.ts';
import { logs } from '../views/logs.ts';
import { proof } from '../views/proof.ts';
import { type Desk, finderOf, noDesk } from '../views/runbook/desk.ts';
import { runbookView } from '../views/runbook.ts';
import { runbooksView } from '../views/runbooks.ts';
import { silence } from '../views/silence.ts';
import { timeline } from '../views/timeline.ts';
import type { View } from '../views/view.ts';
import { yaml } from '../views/yaml.ts';

/** Every view, in the order of the strip and of completion. One more view is one file and one line here. */
export const viewsWith = (
  contexts: () => readonly ContextName[],
  desk: Desk = noDesk,
): readonly View[] => {
  const runbook = finderOf(desk);
  return plainViews(contexts, desk).map((view) => ({
    ...view,
    content: (input) => view.content({ ...input, runbook }),
  }));
};

const plainViews = (contexts: () => readonly ContextName[], desk: Desk): readonly View[] => [
  home,
  controlPlaneView,
  etcdView,
  explorer,
  alertsView,
  timeline,
  broken,
  proof,
  alertView,
  silence,
  act,
  logs,
  actsView,
  debugsView,
  runbooksView(desk),
  runbookView(desk),
  etcdMember,
  describe,
  yaml,
  contextsView(contexts),
  aliases,
];
