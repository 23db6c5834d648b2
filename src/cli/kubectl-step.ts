import { type Brought, broughtFailure } from '../adapters/steps/brought.ts';
import { objectStep } from '../adapters/steps/object-step.ts';
import { rolloutStep } from '../adapters/steps/rollout-step.ts';
import { type UsageDeps, usageStep } from '../adapters/steps/usage-step.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Result } from '../kernel/failure.ts';
import type { ResourceRef } from '../kernel/kind.ts';
import type { KubernetesPort } from '../kernel/ports.ts';
import type { World } from '../kernel/world.ts';
import { bytesOf, cpuOf } from '../probes/quantity.ts';
import type { Plan, Subject } from '../runbooks/plan.ts';
import { byteSize, cpuText } from '../views/parts/words.ts';
import { yamlOf } from '../views/yaml-text.ts';
import { isReadHere, usageOf } from './closed-plan.ts';
import { filledText, type KnownSubject, knownSubject } from './step-subject.ts';

export interface KubectlDeps {
  readonly kubernetes: Pick<KubernetesPort, 'get'>;
  readonly clock: Clock;
  readonly world: () => World;
  /** The namespace that is looked at; '' is all. */
  readonly namespace: string;
}

type KubectlPlan = Extract<Plan, { kind: 'kubectl' }>;

const redactedYaml = (json: string): string => yamlOf(json, { managedFields: false });

const amounts: UsageDeps['amounts'] = { cpuOf, bytesOf, cpuText, byteText: byteSize };

/** Events are kept as objects of the core group too, and can be asked for by what they are about there. */
const events: ResourceRef = {
  group: '',
  version: 'v1',
  resource: 'events',
  kind: 'Event',
  namespaced: true,
};

/** Of all events of a place, the namespace alone counts. */
const placeOf = ({ namespace, allNamespaces }: Subject, here: string): string =>
  allNamespaces ? '' : namespace === null ? here : filledText(namespace);

const eventsAbout = ({ ref, names, namespace }: KnownSubject) => ({
  // Events about what is in no namespace are kept in `default`.
  namespace: ref.namespaced ? namespace : 'default',
  fields: [`involvedObject.kind=${ref.kind}`, `involvedObject.name=${names[0] ?? ''}`],
});

/**
 * Carries out what kubectl would read, as requests of our own. Null: it is not read here.
 * @param plan With all its values in it.
 */
export const kubectlStep = async (
  deps: KubectlDeps,
  plan: KubectlPlan,
  signal: AbortSignal,
): Promise<Brought | null> => {
  if (!isReadHere(plan)) return null;
  const { verb, subject } = plan;
  const { kubernetes, clock } = deps;
  const known = (): Result<KnownSubject> => knownSubject(deps.world(), subject, deps.namespace);
  const fieldSelector = plan.fieldSelector === null ? '' : filledText(plan.fieldSelector);
  const objects = { kubernetes, clock, redactedYaml };
  switch (verb) {
    case 'get':
    case 'describe': {
      const about = known();
      if (!about.ok) return broughtFailure(verb, 0, about.failure);
      const { selector, ...what } = about.value;
      const request = { ...what, verb, labelSelector: selector, fieldSelector };
      return objectStep(objects, { ...request, output: plan.output }, signal);
    }
    case 'events': {
      const every = subject.names.length === 0;
      const about = every ? null : known();
      if (about?.ok === false) return broughtFailure(verb, 0, about.failure);
      const { namespace, fields } =
        about === null
          ? { namespace: placeOf(subject, deps.namespace), fields: [] }
          : eventsAbout(about.value);
      const selector = [...fields, ...(fieldSelector === '' ? [] : [fieldSelector])].join(',');
      const request = { verb: 'get', ref: events, names: [], labelSelector: '' } as const;
      return objectStep(
        objects,
        { ...request, namespace, fieldSelector: selector, output: plan.output },
        signal,
      );
    }
    case 'top': {
      const of = usageOf(subject.resource);
      if (of === null) return null;
      const request = {
        of,
        names: subject.names.map(filledText),
        namespace: of === 'nodes' ? '' : placeOf(subject, deps.namespace),
        labelSelector: subject.selector === null ? '' : filledText(subject.selector),
        ...plan.usage,
      };
      return usageStep({ kubernetes, clock, amounts }, request, signal);
    }
    case 'rollout status': {
      const about = known();
      if (!about.ok) return broughtFailure(verb, 0, about.failure);
      return rolloutStep({ kubernetes, clock }, about.value, signal);
    }
    default:
      return null;
  }
};
