import { absurd } from '../../kernel/absurd.ts';
import type { Template } from '../parameter.ts';
import type { Condition, Plan, Subject } from '../plan.ts';

/** Where in a request a value goes, which decides what it may be and how it is written. */
export type Slot =
  | 'name'
  | 'namespace'
  | 'container'
  | 'selector'
  | 'promql'
  | 'url'
  | 'member'
  | 'argument'
  | 'alert'
  | 'word';

export type MapTemplate = (template: Template, slot: Slot) => Template;

const maybe = (template: Template | null, slot: Slot, f: MapTemplate): Template | null =>
  template === null ? null : f(template, slot);

const subjectWith = (subject: Subject, f: MapTemplate): Subject => ({
  ...subject,
  names: subject.names.map((name) => f(name, 'name')),
  namespace: maybe(subject.namespace, 'namespace', f),
  selector: maybe(subject.selector, 'selector', f),
});

const conditionWith = (until: Condition, f: MapTemplate): Condition => {
  switch (until.kind) {
    case 'object':
    case 'gone':
      return { ...until, subject: subjectWith(until.subject, f) };
    case 'resolved':
      return { ...until, alert: maybe(until.alert, 'alert', f) };
    case 'healed':
      return { ...until, finding: maybe(until.finding, 'alert', f) };
    case 'quorum':
      return { ...until, cluster: maybe(until.cluster, 'alert', f) };
    case 'query':
      return { ...until, promql: f(until.promql, 'promql') };
    default:
      return absurd(until);
  }
};

/** The same plan with other values in it. */
export const mapPlan = (plan: Plan, f: MapTemplate): Plan => {
  switch (plan.kind) {
    case 'logs':
      return {
        ...plan,
        subject: subjectWith(plan.subject, f),
        container: maybe(plan.container, 'container', f),
      };
    case 'debug':
      return {
        ...plan,
        subject: subjectWith(plan.subject, f),
        target: maybe(plan.target, 'container', f),
        look: plan.look.map((word) => f(word, 'word')),
      };
    case 'etcd':
      return {
        ...plan,
        member: maybe(plan.member, 'member', f),
        argument: maybe(plan.argument, 'argument', f),
      };
    case 'query':
      return { ...plan, promql: f(plan.promql, 'promql') };
    case 'http':
      return { ...plan, url: f(plan.url, 'url') };
    case 'kubectl':
      return {
        ...plan,
        subject: subjectWith(plan.subject, f),
        fieldSelector: maybe(plan.fieldSelector, 'selector', f),
        rest: plan.rest.map((word) => f(word, 'word')),
      };
    case 'watch':
      return { ...plan, until: conditionWith(plan.until, f) };
    case 'refused':
      return { ...plan, instead: plan.instead === null ? null : mapPlan(plan.instead, f) };
    case 'manual':
    case 'checklist':
    case 'choice':
      return plan;
    default:
      return absurd(plan);
  }
};

/** Parameters of a plan, each with where it first goes. */
export const parametersOf = (plan: Plan): ReadonlyMap<string, Slot> => {
  const found = new Map<string, Slot>();
  mapPlan(plan, (template, slot) => {
    for (const part of template) {
      if (part.kind === 'parameter' && !found.has(part.name)) found.set(part.name, slot);
    }
    return template;
  });
  return found;
};
