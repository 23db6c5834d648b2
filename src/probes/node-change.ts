import { joinParts, type Part, part, withDetail } from './change-parts.ts';
import { conditionOf, conditionText, isTrue } from './condition.ts';
import type { Node } from './nodes.ts';

const readyChange = (before: Node, after: Node): Part | null => {
  const was = isTrue(before, 'Ready');
  const is = isTrue(after, 'Ready');
  if (was === is) return null;
  if (is) return part('good', 'NotReady → Ready');
  const now = conditionOf(after, 'Ready') ?? { reason: '', message: '' };
  return part('bad', withDetail('Ready → NotReady', conditionText(now)));
};

/** MemoryPressure, DiskPressure and the like: everything but Ready is a fault when it is true. */
const faultChanges = (before: Node, after: Node): readonly Part[] =>
  after.conditions.flatMap((now) => {
    if (now.type === 'Ready') return [];
    const was = isTrue(before, now.type);
    if (was === (now.status === 'True')) return [];
    return was
      ? part('good', `${now.type} is over`)
      : part('bad', withDetail(now.type, conditionText(now)));
  });

const bootChange = (before: Node, after: Node): Part | null =>
  before.bootId === '' || after.bootId === '' || before.bootId === after.bootId
    ? null
    : part('warn', 'rebooted, boot id changed');

const cordonChange = (before: Node, after: Node): Part | null => {
  if (before.unschedulable === after.unschedulable) return null;
  return after.unschedulable ? part('warn', 'cordoned') : part('info', 'uncordoned');
};

/** Taints that people set; the control plane's own repeat what the conditions say. */
const ownTaint = /^node(\.cloudprovider)?\.kubernetes\.io\//;

const taintText = (t: Node['taints'][number]): string =>
  `${t.key}${t.value === '' ? '' : `=${t.value}`}:${t.effect}`;

const taintChanges = (before: Node, after: Node): readonly Part[] => {
  const texts = (node: Node) => node.taints.filter((t) => !ownTaint.test(t.key)).map(taintText);
  const was = texts(before);
  const is = texts(after);
  return [
    ...is.filter((t) => !was.includes(t)).map((t) => part('warn', `tainted ${t}`)),
    ...was.filter((t) => !is.includes(t)).map((t) => part('info', `taint ${t} removed`)),
  ];
};

const versionChange = (before: Node, after: Node): Part | null =>
  before.kubelet === '' || before.kubelet === after.kubelet
    ? null
    : part('info', `kubelet ${before.kubelet} → ${after.kubelet}`);

const addressChange = (before: Node, after: Node): Part | null =>
  before.internalIp === '' || before.internalIp === after.internalIp
    ? null
    : part('warn', `address ${before.internalIp} → ${after.internalIp || 'none'}`);

export const nodeChange = (before: Node | undefined, after: Node | undefined): Part | null => {
  if (after === undefined) return part('warn', 'node removed from the cluster');
  if (before === undefined) return part('info', 'node joined');
  if (before.uid !== after.uid) return part('warn', 'node replaced by one of the same name');
  return joinParts([
    readyChange(before, after),
    bootChange(before, after),
    ...faultChanges(before, after),
    cordonChange(before, after),
    ...taintChanges(before, after),
    versionChange(before, after),
    addressChange(before, after),
  ]);
};
