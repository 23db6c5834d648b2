import { describe, expect, it } from 'vitest';
import { failure } from '../../src/kernel/failure.ts';
import type { Freshness } from '../../src/kernel/freshness.ts';
import { explorer } from '../../src/views/explorer.ts';
import { lineText } from '../../src/views/parts/line.ts';
import { type Place, placeOf } from '../../src/views/session.ts';
import type { Content } from '../../src/views/view.ts';
import { ago, crashing, minute, pod } from '../support/objects.ts';
import { contentOf, textOf, withScopes } from '../support/scenes.ts';
import { badEvening } from '../support/view-world.ts';
import { worldOf } from '../support/world-of.ts';

const pods = (more: Partial<Place> = {}, args: Record<string, string> = {}): Place => ({
  ...placeOf('explorer', { resource: 'pods', ...args }),
  ...more,
});

const keysOf = ({ rows }: Content): readonly string[] =>
  Array.from({ length: rows.length }, (_, i) => rows.key(i));

const names = (content: Content): readonly string[] =>
  keysOf(content).map((key) => key.replace(/^.*\//, ''));

const failing = (message: string, heard: boolean): Freshness => ({
  kind: 'failing',
  since: ago(3 * minute),
  heard: heard ? ago(4 * minute) : null,
  failure: failure('forbidden', 'watch pods', message),
});

describe('what is listed', () => {
  const world = badEvening();

  it('given a namespace, when it is listed, then only its rows are there and the column is gone', () => {
    const content = contentOf(explorer, world, pods({}, { namespace: 'web' }));
    expect(content.title).toBe('pods(web)[2]');
    expect(lineText(content.head.at(-1)!)).not.toContain('NAMESPACE');
  });

  it('given a filter and faults only, when they are on, then the title says what is left of what', () => {
    expect(contentOf(explorer, world, pods({ filter: 'gateway' })).title).toBe(
      'pods(all)[3 of 9] </gateway>',
    );
    const faults = contentOf(explorer, world, pods({ faults: true }));
    expect(names(faults).every((n) => !n.startsWith('checkout'))).toBe(true);
    expect(faults.title).toBe('pods(all)[5 of 9] <faults>');
  });

  it('given an owner, when its pods are listed, then deployments, services and nodes find theirs', () => {
    const of = (ref: string) =>
      names(contentOf(explorer, world, pods({}, { of: ref, namespace: '' })));
    expect(of('deployments/payments/payment-gateway')).toHaveLength(3);
    expect(of('replicasets/web/checkout-6c9f7d4b8')).toHaveLength(2);
    expect(of('services/payments/payment-gateway')).toHaveLength(3);
    expect(of('nodes//worker-3')).toEqual(['payment-gateway-7d9f8c6b5-q9wlz']);
    expect(of('persistentvolumeclaims/payments/gateway-cache')).toEqual([
      'payment-gateway-7d9f8c6b5-4crcm',
    ]);
    expect(of('deployments/payments/nobody')).toEqual([]);
  });

  it('given labels in the arguments, when rows are chosen, then they are a selector', () => {
    expect(
      names(contentOf(explorer, world, pods({}, { labels: 'tier in (frontend)' }))),
    ).toHaveLength(2);
  });

  it('given a row, when it is opened, then kinds lead where fingers expect', () => {
    const open = (resource: string, i = 0) =>
      contentOf(explorer, world, placeOf('explorer', { resource })).rows.target(i)?.open;
    expect(open('pods')).toEqual({
      view: 'describe',
      args: { resource: 'pods', namespace: 'batch', name: 'big-model-0' },
    });
    expect(open('namespaces')?.args).toEqual({ resource: 'pods', namespace: 'batch' });
    expect(open('deployments')?.args).toEqual({
      resource: 'pods',
      namespace: 'batch',
      of: 'deployments/batch/old-import',
    });
    expect(open('nodes')?.args).toEqual({
      resource: 'pods',
      namespace: '',
      of: 'nodes//control-1',
    });
    expect(open('customresourcedefinitions')?.args).toEqual({
      resource: 'certificates.cert-manager.io',
    });
    expect(open('events')?.args).toMatchObject({
      resource: 'pods',
      name: 'payment-gateway-7d9f8c6b5-4crcm',
    });
  });
});

describe('order', () => {
  const world = worldOf({
    pods: [
      pod('b', { restarts: 3, lastRestart: ago(60), created: ago(600) }),
      pod('a', { restarts: 0, created: ago(100) }),
      crashing('c', '', { restarts: 12, created: ago(300) }),
    ],
  });
  const sorted = (column: string, descending = false) =>
    names(contentOf(explorer, world, pods({ sort: { column, descending } })));

  it('given a column, when it is sorted by, then the interesting end comes first, and the other when asked', () => {
    expect(sorted('name')).toEqual(['a', 'b', 'c']);
    expect(sorted('name', true)).toEqual(['c', 'b', 'a']);
    expect(sorted('restarts')).toEqual(['c', 'b', 'a']);
    expect(sorted('age')).toEqual(['a', 'c', 'b']);
    expect(sorted('status')[0]).toBe('c');
  });

  it('given the arrow, when the most come first, then it points down', () => {
    const head = (descending: boolean) =>
      lineText(
        contentOf(explorer, world, pods({ sort: { column: 'restarts', descending } })).head.at(-1)!,
      );
    expect(head(false)).toContain('RESTARTS↓');
    expect(head(true)).toContain('RESTARTS↑');
  });

  it('given a column that the kind does not have, when it is sorted by, then the usual order stays', () => {
    expect(sorted('color')).toEqual(['a', 'b', 'c']);
  });
});

describe('what is said of the source', () => {
  const one = worldOf({ pods: [pod('a')] });
  const none = worldOf({});
  const text = (world: typeof one, place = pods()) => textOf(contentOf(explorer, world, place));

  it('given nothing heard, when nothing is there, then it is loading, not empty', () => {
    expect(text(withScopes(none, 'pods', new Map()))).toContain('loading pods');
    expect(text(withScopes(none, 'pods', new Map([['', { kind: 'never' }]])))).toContain(
      'loading pods',
    );
    expect(text(withScopes(one, 'pods', new Map([['', { kind: 'never' }]])))).toContain(
      'loading pods, 1 so far',
    );
  });

  it('given a refusal, when nothing can be read, then the words of the server are shown', () => {
    expect(
      text(
        withScopes(none, 'pods', new Map([['', failing('pods is forbidden: User "dev"', false)]])),
      ),
    ).toContain('pods: forbidden: pods is forbidden: User "dev"');
  });

  it('given one namespace of two that is forbidden, when rows are there, then a line names what is missing', () => {
    const scopes = new Map<string, Freshness>([
      ['payments', { kind: 'fresh', heard: ago(3) }],
      ['kube-system', failing('not for you', false)],
    ]);
    const world = withScopes(one, 'pods', scopes);
    expect(text(world)).toContain('kube-system: not shown, forbidden: not for you');
    expect(text(world, pods({}, { namespace: 'payments' }))).not.toContain('kube-system');
  });

  it('given a lost watch, when rows are there, then a line says how old they are', () => {
    const stale: Freshness = {
      kind: 'stale',
      since: ago(100),
      heard: ago(2 * minute),
      why: 'watch connection lost',
    };
    expect(text(withScopes(one, 'pods', new Map([['', stale]])))).toContain(
      'last known, 2m old: watch connection lost',
    );
    expect(text(withScopes(one, 'pods', new Map([['', failing('gone', true)]])))).toContain(
      'last known, 4m old: gone',
    );
  });

  it('given silence for longer than a watch is ever silent, when rows are there, then they are called old', () => {
    const world = withScopes(
      one,
      'pods',
      new Map([['', { kind: 'fresh', heard: ago(10 * minute) }]]),
    );
    expect(text(world)).toContain('last known, 10m old');
  });

  it('given nothing to show, when the reason is ours, then it says which and how to leave', () => {
    expect(text(one, pods({ filter: 'xyz' }))).toBe('   no pod matches xyz; esc clears the filter');
    expect(text(one, pods({ faults: true }))).toContain('none of 1 pod is failing; z shows all');
    expect(text(one, pods({}, { namespace: 'web' }))).toContain('no pods in web');
    expect(text(none)).toContain('no pods in this cluster');
    expect(text(one, placeOf('explorer', { resource: 'unicorns' }))).toContain(
      'whether the server serves unicorns',
    );
  });

  it('given a broken filter, when rows are painted, then its note stands above them', () => {
    expect(text(one, pods({ filter: 'a(' }))).toContain('no pod matches a(');
    expect(text(one, pods({ filter: '-l app in (' }))).toContain('label selector:');
  });
});

describe('what is computed', () => {
  it('given the same state, when it is painted again, then the rows are not chosen anew', () => {
    const world = badEvening();
    const place = pods({ filter: 'pay' });
    const key = (c: Content) => c.rows.indexOf;
    expect(key(contentOf(explorer, world, place))).toBe(key(contentOf(explorer, world, place)));
    expect(key(contentOf(explorer, world, pods({ filter: 'web' })))).not.toBe(
      key(contentOf(explorer, world, place)),
    );
  });

  it('given a filter, when rows are painted, then what it found is marked', () => {
    const content = contentOf(explorer, badEvening(), pods({ filter: 'gateway' }));
    expect(
      content.rows
        .line(0)
        .filter((s) => s.style === 'match')
        .map((s) => s.text),
    ).toContain('gateway');
  });
});
