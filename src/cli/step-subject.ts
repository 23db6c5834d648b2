import { failed, failure, ok, type Result } from '../kernel/failure.ts';
import type { ResourceRef } from '../kernel/kind.ts';
import { sliceOf, type World } from '../kernel/world.ts';
import { discovery, resourceKey } from '../probes/discovery.ts';
import type { Template } from '../runbooks/parameter.ts';
import type { Subject } from '../runbooks/plan.ts';
import { literalOf } from '../runbooks/steps/template.ts';
import { kindTables } from '../views/resources/index.ts';
import { refOfResource } from './resource-path.ts';

/** What a plan is about, with nothing left to fill in. */
export interface KnownSubject {
  readonly ref: ResourceRef;
  readonly names: readonly string[];
  /** '' is all namespaces, and for cluster-scoped objects none. */
  readonly namespace: string;
  readonly selector: string;
}

const wrong = (message: string, hint: string): Result<never> =>
  failed(failure('misconfigured', 'read the step', message, { hint }));

/** A resource by any of its names, as the server and kubectl call it: `po`, `pod`, `pods`, `certificates.cert-manager.io`. */
export const refOfName = (world: World, written: string): ResourceRef | null => {
  const name = written.toLowerCase();
  const table = kindTables.find(
    (t) => t.resource === name || t.singular === name || t.shortNames.includes(name),
  );
  if (table !== undefined) return refOfResource(world, table.resource);
  const served = sliceOf(world, discovery).state.find(
    (r) =>
      resourceKey(r) === name ||
      r.resource === name ||
      r.singular === name ||
      r.shortNames.includes(name),
  );
  return served ?? null;
};

/** The text of a template that was filled. @throws when it was not: that is a bug of the caller. */
export const filledText = (template: Template): string => {
  const text = literalOf(template);
  if (text === null) throw new Error('a plan is carried out only when all its values are there');
  return text;
};

/** @param here The namespace that is looked at; '' is all. */
export const knownSubject = (
  world: World,
  subject: Subject,
  here: string,
): Result<KnownSubject> => {
  const ref = refOfName(world, subject.resource);
  if (ref === null) {
    return wrong(
      `the server serves no ${subject.resource}, or it is not known yet`,
      'see :aliases',
    );
  }
  const own = subject.namespace === null ? here : filledText(subject.namespace);
  return ok({
    ref,
    names: subject.names.map(filledText),
    namespace: subject.allNamespaces || !ref.namespaced ? '' : own,
    selector: subject.selector === null ? '' : filledText(subject.selector),
  });
};
