import { describe, expect, it } from 'vitest';
import type { AnyKind } from '../../src/kernel/kind.ts';
import { cronJobKind } from '../../src/probes/cronjobs.ts';
import { crdKind } from '../../src/probes/customresourcedefinitions.ts';
import { endpointSliceKind } from '../../src/probes/endpointslices.ts';
import { eventKind } from '../../src/probes/events.ts';
import { jobKind } from '../../src/probes/jobs.ts';
import { leaseKind } from '../../src/probes/leases.ts';
import { namespaceKind } from '../../src/probes/namespaces.ts';
import { claimKind } from '../../src/probes/persistentvolumeclaims.ts';
import { serviceKind } from '../../src/probes/services.ts';
import { called, slimmed } from './objects.ts';

/** What is read before and after; undefined where there is no object. */
type Row = readonly [
  what: string,
  before: object | undefined,
  after: object | undefined,
  line: string | null,
];

const cases: readonly (readonly [AnyKind, readonly Row[]])[] = [
  [
    namespaceKind,
    [
      ['made', undefined, {}, 'info: namespace created'],
      ['gone', {}, undefined, 'warn: namespace deleted'],
      [
        'ending',
        { status: { phase: 'Active' } },
        { status: { phase: 'Terminating' } },
        'warn: namespace terminating',
      ],
      ['relabelled', {}, { metadata: { labels: { a: 'b' } } }, null],
    ],
  ],
  [
    jobKind,
    [
      ['made', undefined, {}, 'info: job created'],
      [
        'made by a cron job',
        undefined,
        { metadata: { ownerReferences: [{ kind: 'CronJob' }] } },
        null,
      ],
      [
        'done',
        {},
        { status: { conditions: [{ type: 'Complete', status: 'True' }] } },
        'good: job completed',
      ],
      [
        'failed',
        {},
        {
          status: {
            failed: 4,
            conditions: [{ type: 'Failed', status: 'True', message: 'backoff limit' }],
          },
        },
        'bad: job failed: backoff limit',
      ],
      [
        'failing',
        { spec: { backoffLimit: 6 } },
        { spec: { backoffLimit: 6 }, status: { failed: 2 } },
        'warn: failed pods 0 → 2, limit 6',
      ],
      ['suspended', {}, { spec: { suspend: true } }, 'info: suspended'],
      ['getting on', { status: { active: 2 } }, { status: { active: 1, succeeded: 1 } }, null],
    ],
  ],
  [
    cronJobKind,
    [
      ['suspended', {}, { spec: { suspend: true } }, 'warn: suspended'],
      ['resumed', { spec: { suspend: true } }, {}, 'info: resumed'],
      [
        'rescheduled',
        { spec: { schedule: '0 3 * * *' } },
        { spec: { schedule: '0 4 * * *', timeZone: 'Europe/Berlin' } },
        'info: schedule 0 3 * * * → 0 4 * * * Europe/Berlin',
      ],
      ['run', { status: { lastScheduleTime: 1 } }, { status: { lastScheduleTime: 2 } }, null],
      ['gone', {}, undefined, 'warn: cron job deleted'],
    ],
  ],
  [
    serviceKind,
    [
      ['made', undefined, {}, 'info: service created'],
      [
        'selecting others',
        { spec: { selector: { app: 'a' } } },
        { spec: { selector: { app: 'b' } } },
        'warn: selector app=a → app=b',
      ],
      [
        'at another port',
        { spec: { ports: [{ port: 80, protocol: 'TCP', targetPort: '8080' }] } },
        { spec: { ports: [{ port: 81, protocol: 'TCP', targetPort: '8080' }] } },
        'warn: ports 80:8080/TCP → 81:8080/TCP',
      ],
      [
        'reachable from outside',
        {},
        { status: { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } } },
        'warn: external address none → 192.0.2.1',
      ],
    ],
  ],
  [
    endpointSliceKind,
    [
      [
        'without endpoints',
        slice(true, true),
        slice(false, false),
        'bad: api: ready endpoints 2 → 0',
      ],
      ['with endpoints again', slice(false), slice(true), 'good: api: ready endpoints 0 → 1'],
      ['with fewer', slice(true, true), slice(true), null],
      ['new', undefined, slice(), null],
    ],
  ],
  [
    eventKind,
    [
      ['new', undefined, event(1), 'warn: Pod web-1 BackOff: restarting'],
      ['new and old', undefined, event(7), 'warn: Pod web-1 BackOff ×7: restarting'],
      ['seen again', event(1), event(2), null],
      ['seen the tenth time', event(9), event(10), 'warn: Pod web-1 BackOff ×10: restarting'],
      [
        'seen the hundredth time',
        event(90),
        event(130),
        'warn: Pod web-1 BackOff ×130: restarting',
      ],
      ['forgotten', event(9), undefined, null],
      ['nothing special', undefined, { ...event(1), type: 'Normal' }, null],
    ],
  ],
  [
    claimKind,
    [
      [
        'bound',
        { status: { phase: 'Pending' } },
        { spec: { volumeName: 'pv-7' }, status: { phase: 'Bound' } },
        'good: bound: pv-7',
      ],
      [
        'lost',
        { status: { phase: 'Bound' } },
        { spec: { volumeName: 'pv-7' }, status: { phase: 'Lost' } },
        'bad: volume lost: pv-7',
      ],
      ['going', {}, { metadata: { deletionTimestamp: 5 } }, 'warn: volume claim terminating'],
      [
        'resized',
        {},
        {
          status: {
            conditions: [
              { type: 'FileSystemResizePending', status: 'True', message: 'waiting for a pod' },
            ],
          },
        },
        'info: FileSystemResizePending: waiting for a pod',
      ],
    ],
  ],
  [
    leaseKind,
    [
      [
        'renewed',
        { spec: { holderIdentity: 'a', renewTime: 30_000 } },
        { spec: { holderIdentity: 'a', renewTime: 90_000 } },
        null,
      ],
      [
        'passed on',
        { spec: { holderIdentity: 'a' } },
        { spec: { holderIdentity: 'b' } },
        'warn: lease passed from a to b',
      ],
      ['dropped', { spec: { holderIdentity: 'a' } }, {}, 'warn: lease passed from a to nobody'],
      ['new', undefined, {}, null],
    ],
  ],
  [
    crdKind,
    [
      ['new', undefined, {}, 'info: resource definition created'],
      ['gone', {}, undefined, 'bad: resource definition deleted, and all its objects'],
      [
        'no longer served in one version',
        {
          spec: {
            versions: [
              { name: 'v1', served: true },
              { name: 'v1beta1', served: true },
            ],
          },
        },
        { spec: { versions: [{ name: 'v1', served: true }, { name: 'v1beta1' }] } },
        'warn: versions served v1 v1beta1 → v1',
      ],
      [
        'not established any more',
        { status: { conditions: [{ type: 'Established', status: 'True' }] } },
        {},
        'bad: is no longer served',
      ],
    ],
  ],
];

function slice(...ready: boolean[]): object {
  return {
    metadata: { labels: { 'kubernetes.io/service-name': 'api' } },
    endpoints: ready.map((is) => ({ addresses: ['10.0.0.1'], conditions: { ready: is } })),
  };
}

function event(count: number): object {
  return {
    type: 'Warning',
    reason: 'BackOff',
    message: 'restarting',
    count,
    involvedObject: { kind: 'Pod', name: 'web-1' },
  };
}

describe.each(cases.map(([kind, rows]) => ({ kind, rows, name: kind.ref.resource })))(
  'what happened to $name',
  ({ kind, rows }) => {
    it.each(rows)(
      'given one that is %s, when told, then it is one line',
      (_, before, after, line) => {
        const of = (object: object | undefined) => object && slimmed(kind, object);
        expect(called(kind, of(before), of(after))).toBe(line);
      },
    );
  },
);

describe('slim objects', () => {
  it('given renewals within half a minute, when slimmed, then the lease is the same', () => {
    const renewed = (at: number) =>
      slimmed(leaseKind, { spec: { holderIdentity: 'a', renewTime: at } });
    expect(renewed(1_000_019_999)).toEqual(renewed(999_990_000));
    expect(renewed(1_000_020_000)).not.toEqual(renewed(1_000_019_999));
  });

  it('given an event with a series, when slimmed, then its counter and times are taken', () => {
    const e = slimmed(eventKind, {
      count: 1,
      firstTimestamp: 1000,
      lastTimestamp: 2000,
      series: { count: 130, lastObservedTime: 9000 },
    });
    expect(e).toMatchObject({ count: 130, firstSeen: 1000, lastSeen: 9000 });
  });

  it('given an endpoint that does not say, when slimmed, then it is ready', () => {
    const e = slimmed(endpointSliceKind, { endpoints: [{ addresses: ['10.0.0.1'] }] });
    expect(e).toMatchObject({ ready: 1, notReady: 0 });
  });

  it('given more endpoints than are kept, when slimmed, then all are counted', () => {
    const endpoints = Array.from({ length: 250 }, () => ({ addresses: ['10.0.0.1'] }));
    const e = slimmed(endpointSliceKind, { endpoints });
    expect([e.ready, e.endpoints.length]).toEqual([250, 100]);
  });
});
