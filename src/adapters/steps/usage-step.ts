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
  /** Thousandths of a core. */
  readonly cpu: number;
  /** Bytes. */
  readonly memory: number;
}

const usedBy = (item: Json, { cpuOf, bytesOf }: UsageDeps['amounts']): Used => {
  const { namespace, name } = jsonOf(item.metadata);
  const measured = Array.isArray(item.containers)
    ? listOf(item.containers).map((c) => jsonOf(jsonOf(c).usage))
    : [jsonOf(item.usage)];
  const sum = (of: (usage: Json) => number): number =>
    measured.reduce((total, usage) => total + of(usage), 0);
  return {
    namespace: textOf(namespace),
    name: textOf(name),
    cpu: sum(({ cpu }) => cpuOf(textOf(cpu))),
    memory: sum(({ memory }) => bytesOf(textOf(memory))),
  };
};

const unserved = (why: Failure): Failure =>
  why.kind === 'absent'
    ? { ...why, hint: 'it is not measured: nobody serves metrics.k8s.io, or it is too young' }
    : why;

/**
 * What pods or nodes use now, as metrics.k8s.io tells it, the most CPU first. At most 200 of them, or 10 by name. Data for
 * rules: `items` with `cpu` in thousandths of a core and `memory` in bytes. What goes wrong is evidence too.
 */
export const usageStep = async (
  { kubernetes, clock, amounts }: UsageDeps,
  { of, ...request }: UsageRequest,
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
    .map((item) => usedBy(item, amounts))
    .sort((a, b) => b.cpu - a.cpu || (a.name < b.name ? -1 : 1));
  const rows = used.map((u) => [
    u.namespace,
    u.name,
    amounts.cpuText(u.cpu),
    amounts.byteText(u.memory),
  ]);
  return brought({
    asked,
    took,
    lines: [
      ...(rows.length === 0
        ? ['nothing is measured']
        : tableLines(['NAMESPACE', 'NAME', 'CPU', 'MEMORY'], rows)),
      ...(read.value.more ? [`more than ${used.length}; the others are left out`] : []),
    ],
    data: { items: used },
    truncated: read.value.more,
  });
};
