import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { alertsContent, alertsView } from '../../src/views/alerts.ts';
import { describe as describeView } from '../../src/views/describe.ts';
import { etcdContent, etcdView } from '../../src/views/etcd.ts';
import { etcdMember, memberContent } from '../../src/views/etcd-member.ts';
import { explorer } from '../../src/views/explorer.ts';
import { type Place, placeOf } from '../../src/views/session.ts';
import type { View } from '../../src/views/view.ts';
import { badStream } from '../support/alert-world.ts';
import { lostReport } from '../support/etcd-reports.ts';
import { contentOf, frameOf } from '../support/scenes.ts';
import { badEvening } from '../support/view-world.ts';

/** `UPDATE_FRAMES=1 npx vitest run test/views/frames.test.ts` writes them anew; the difference is to be read. */
const update = process.env.UPDATE_FRAMES === '1';

const table = (resource: string): Place => placeOf('explorer', { resource });

/** Judged by hand: a frame is about what the view makes of a report, not about the rules that made it. */
const etcdLost: View = { ...etcdView, content: (input) => etcdContent([lostReport()], input) };
const memberLost: View = {
  ...etcdMember,
  content: (input) => memberContent([lostReport()], input),
};
const alertsBad: View = { ...alertsView, content: (input) => alertsContent(badStream(), input) };

const frames: readonly (readonly [string, View, Place, readonly number[]])[] = [
  ['pods', explorer, table('pods'), [80, 120, 200]],
  ['pods-wide', explorer, { ...table('pods'), wide: true }, [120]],
  [
    'pods-payments',
    explorer,
    placeOf('explorer', { resource: 'pods', namespace: 'payments' }, 'crash'),
    [80],
  ],
  ['nodes', explorer, table('nodes'), [80, 120, 200]],
  ['deployments', explorer, table('deployments'), [80, 120, 200]],
  ['events', explorer, table('events'), [80, 120]],
  ['services', explorer, table('services'), [120]],
  ['jobs', explorer, table('jobs'), [120]],
  [
    'describe-pod',
    describeView,
    placeOf('describe', {
      resource: 'pods',
      namespace: 'payments',
      name: 'payment-gateway-7d9f8c6b5-4crcm',
    }),
    [80],
  ],
  [
    'describe-deployment',
    describeView,
    placeOf('describe', {
      resource: 'deployments',
      namespace: 'payments',
      name: 'payment-gateway',
    }),
    [80],
  ],
  [
    'describe-node',
    describeView,
    placeOf('describe', { resource: 'nodes', namespace: '', name: 'worker-1' }),
    [80],
  ],
  ['etcd', etcdLost, placeOf('etcd'), [80, 120, 200]],
  [
    'etcd-member',
    memberLost,
    placeOf('etcd-member', { cluster: 'payments', member: 'etcd-1' }),
    [80],
  ],
  ['alerts', alertsBad, placeOf('alerts'), [80, 120, 200]],
  ['alerts-critical', alertsBad, placeOf('alerts', {}, 'severity="critical"'), [80]],
];

describe('frames', () => {
  const world = badEvening();
  it.each(
    frames.flatMap(([name, view, place, widths]) =>
      widths.map((width) => [name, width, view, place] as const),
    ),
  )(
    'given a bad evening, when %s is painted at %i columns, then it is the kept frame',
    (name, width, view, place) => {
      const path = join(import.meta.dirname, 'frames', `${name}-${width}.txt`);
      const frame = frameOf(contentOf(view, world, place, { width }));
      if (update) writeFileSync(path, frame);
      expect(existsSync(path) ? readFileSync(path, 'utf8') : 'no frame is kept').toBe(frame);
    },
  );
});
