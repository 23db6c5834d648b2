import type { Clock } from '../../kernel/clock.ts';
import type { Failure } from '../../kernel/failure.ts';
import type { ResourceRef } from '../../kernel/kind.ts';
import type { KubernetesPort } from '../../kernel/ports.ts';
import { type Brought, brought, broughtFailure, tookSince } from './brought.ts';
import { type Json, jsonOf, listOf, textOf } from './object-cells.ts';
import { objectPaths } from './object-step.ts';
import { readItems } from './read-items.ts';
import { tableLines } from './table-lines.ts';

/** `kubectl top pods` and `kubectl top nodes`, as what they ask for. */
export interface UsageRequest {
  readonly of: 'pods' | 'nodes';
  /** [] is all of them. */
  readonly names: readonly string[];
  /** '' is all namespaces. */
  readonly namespace: string;
  /** '' for none. */
  readonly labelSelector: string;
  /** The largest first. */
  readonly by: 'cpu' | 'memory';
  /** Of pods: each container a row. */
  readonly containers: boolean;
}

export interface UsageDeps {
  readonly kubernetes: Pick<KubernetesPort, 'get'>;
  readonly clock: Pick<Clock, 'now'>;
  /** How amounts are read off the wire, in thousandths of a core and in bytes, and how they are written. */
  readonly amounts: {
    cpuOf(text: string): number;
    bytesOf(text: string): number;
    cpuText(milli: number): string;
    byteText(bytes: number): string;
  };
}

const refs: Readonly<Record<UsageRequest['of'], ResourceRef>> = {
  pods: {
    group: 'metrics.k8s.io',
    version: 'v1beta1',
    resource: 'pods',
    kind: 'PodMetrics',
    namespaced: true,
  },
  nodes: {
    group: 'metrics.k8s.io',
    version: 'v1beta1',
    resource: 'nodes',
    kind: 'NodeMetrics',
    namespaced: false,
  },
};

interface Used {
  readonly namespace: string;
  readonly name: string;
  /** '' where all of it is summed up. */
  readonly container: string;
  /** Thousandths of a core. */
  readonly cpu: number;
  /** Bytes. */
  readonly memory: number;
}

const usedBy = (
  item: Json,
  { cpuOf, bytesOf }: UsageDeps['amounts'],
  apart: boolean,
): readonly Used[] => {
  const { namespace, name } = jsonOf(item.metadata);
  const of = { namespace: textOf(namespace), name: textOf(name) };
  const measured = Array.isArray(item.containers)
    ? listOf(item.containers).map(jsonOf)
    : [{ name: '', usage: item.usage }];
  const each = measured.map((one) => {
    const { cpu, memory } = jsonOf(one.usage);
    const amounts = { cpu: cpuOf(textOf(cpu)), memory: bytesOf(textOf(memory)) };
    return { ...of, container: textOf(one.name), ...amounts };
  });
  if (apart) return each;
  const sum = (what: 'cpu' | 'memory') => each.reduce((total, one) => total + one[what], 0);
  return [{ ...of, container: '', cpu: sum('cpu'), memory: sum('memory') }];
};

const byAmount =
  (by: UsageRequest['by']) =>
  (a: Used, b: Used): number =>
    b[by] - a[by] || (`${a.name}/${a.container}` < `${b.name}/${b.container}` ? -1 : 1);

const unserved = (why: Failure): Failure =>
  why.kind === 'absent'
    ? { ...why, hint: 'it is not measured: nobody serves metrics.k8s.io, or it is too young' }
    : why;

/**
 * What pods, their containers or nodes use now, as metrics.k8s.io tells it, the most first. At most 200 pods or nodes, or
 * 10 by name. Data for rules: `items` with `cpu` in thousandths of a core and `memory` in bytes. What goes wrong is
 * evidence too.
 */
export const usageStep = async (
  { kubernetes, clock, amounts }: UsageDeps,
  { of, by, containers, ...request }: UsageRequest,
  signal: AbortSignal,
): Promise<Brought> => {
  const began = clock.now();
  const ref = refs[of];
  const paths = objectPaths({ ...request, ref, verb: 'get', fieldSelector: '', output: '' });
  if (!paths.ok) return broughtFailure('top', 0, paths.failure);
  const asked = paths.value.map((path) => `GET ${path}`).join(', ');
  const read = await readItems(kubernetes, paths.value, signal);
  const took = tookSince(began, clock.now());
  if (!read.ok) return broughtFailure(asked, took, unserved(read.failure));
  const used = read.value.items
    .flatMap((item) => usedBy(item, amounts, containers))
    .sort(byAmount(by));
  const head = ['NAMESPACE', 'NAME', ...(containers ? ['CONTAINER'] : []), 'CPU', 'MEMORY'];
  const rows = used.map((u) => [
    u.namespace,
    u.name,
    ...(containers ? [u.container] : []),
    amounts.cpuText(u.cpu),
    amounts.byteText(u.memory),
  ]);
  return brought({
    asked,
    took,
    lines: [
      ...(rows.length === 0 ? ['nothing is measured'] : tableLines(head, rows)),
      ...(read.value.more ? [`more than ${read.value.items.length}; the others are left out`] : []),
    ],
    data: { items: used },
    truncated: read.value.more,
  });
};
