import { sliceOf } from '../../kernel/world.ts';
import { type Pod, pods } from '../../probes/pods.ts';
import { services } from '../../probes/services.ts';
import { selects } from '../parts/label-selector.ts';
import { line, span } from '../parts/line.ts';
import type { RowTone } from '../parts/table.ts';
import { count, many } from '../parts/words.ts';
import { podsOfObject } from '../related.ts';
import { podTone, podWhy } from '../resources/pods.ts';
import { endpointsOf, endpointsText } from '../resources/services.ts';
import type { ObjectRef } from '../view.ts';
import { type Detail, item, type Pen, type Section, section, toObject } from './detail.ts';

/** The troubled ones are what one looks for; the rest is a key away. */
const podsKept = 15;

const gravity: Readonly<Record<RowTone, number>> = {
  bad: 0,
  unknown: 1,
  warn: 2,
  progress: 3,
  good: 4,
  info: 5,
  muted: 6,
};

const refOf = (pod: Pod): ObjectRef => ({
  resource: 'pods',
  namespace: pod.namespace,
  name: pod.name,
});

/** Pods of an object, the worst first. */
export const podsSection = (ref: ObjectRef, pen: Pen): readonly Section[] => {
  const { belongs } = podsOfObject(pen.world, ref);
  const own: { readonly pod: Pod; readonly tone: RowTone }[] = [];
  for (const pod of sliceOf(pen.world, pods).state.values()) {
    if (belongs(pod)) own.push({ pod, tone: podTone(pod) });
  }
  own.sort((a, b) => gravity[a.tone] - gravity[b.tone]);
  const details = own
    .slice(0, podsKept)
    .map(({ pod, tone }) =>
      item(
        pen,
        tone,
        line(
          ref.namespace === '' ? `${pod.namespace}/${pod.name}` : pod.name,
          span(`  ${pod.status}  ${pod.ready}/${pod.total}`, tone === 'good' ? 'dim' : 'plain'),
          pod.restarts === 0 ? '' : `  restarts ${pod.restarts}`,
        ),
        [podWhy(pod)],
        toObject(refOf(pod)),
      ),
    );
  const left = own.length - details.length;
  const open = {
    view: 'explorer',
    args: {
      resource: 'pods',
      of: `${ref.resource}/${ref.namespace}/${ref.name}`,
      namespace: ref.namespace,
    },
  };
  const rest: readonly Detail[] =
    left === 0
      ? []
      : [{ lines: [line('     ', span(`and ${count(left)} more`, 'dim'))], target: { open } }];
  return section('pods', [...details, ...rest], many(own.length, 'pod'));
};

/** Services that send traffic to pods with these labels. */
export const servicesSection = (
  namespace: string,
  labels: Readonly<Record<string, string>>,
  pen: Pen,
): readonly Section[] => {
  const details: Detail[] = [];
  for (const s of sliceOf(pen.world, services).state.values()) {
    const wanted = Object.entries(s.selector);
    if (s.namespace !== namespace || wanted.length === 0) continue;
    const requirements = wanted.map(
      ([key, value]) => ({ kind: 'in', key, values: [value] }) as const,
    );
    if (!selects(requirements, labels)) continue;
    const found = endpointsOf(pen.world, s);
    const ready = found?.ready ?? 0;
    details.push(
      item(
        pen,
        ready === 0 ? 'bad' : (found?.notReady ?? 0) > 0 ? 'warn' : 'good',
        line(s.name, span(`  ${s.type}  endpoints ${endpointsText(found, true)}`, 'dim')),
        [],
        toObject({ resource: 'services', namespace, name: s.name }),
      ),
    );
  }
  return section('services', details);
};
