import type { ActSubject } from '../kernel/act.ts';
import { sliceOf, type World } from '../kernel/world.ts';
import { namespaces } from '../probes/namespaces.ts';
import { type Gathered, known, unknown } from './guard.ts';
import type { Labels, PolicyPlace } from './policy-settings.ts';

/** Namespace whose rules hold for a subject; '' for what has none. A namespace is in itself. */
export const namespaceOf = (subject: ActSubject): string => {
  if (subject.kind !== 'object') return '';
  return subject.resource === 'namespaces' ? subject.name : subject.namespace;
};

const labelsOf = (world: World, namespace: string): Gathered<Labels> => {
  if (namespace === '') return known({});
  const found = sliceOf(world, namespaces).state.get(namespace);
  return found === undefined
    ? unknown('the namespace is not in what is watched')
    : known(found.labels);
};

/** Where a subject is, as policies have it. `read`: labels of its namespace, for a world that has not seen it. */
export const placeOf = (
  world: World,
  context: string,
  production: boolean,
  subject: ActSubject,
  read: Labels | null = null,
): PolicyPlace => {
  const namespace = namespaceOf(subject);
  const seen = labelsOf(world, namespace);
  const labels = seen.kind === 'unknown' && read !== null ? known(read) : seen;
  return { context, production, namespace, labels };
};
