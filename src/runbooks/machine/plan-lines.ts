import { absurd } from '../../kernel/absurd.ts';
import type { Template } from '../parameter.ts';
import type { Condition, Plan, Subject } from '../plan.ts';
import { durationText } from '../steps/duration.ts';
import { templateText } from '../steps/template.ts';

const optional = (template: Template | null): string =>
  template === null ? '' : templateText(template);

const subjectText = ({ resource, names, namespace, allNamespaces, selector }: Subject): string => {
  const who =
    names.length === 0 ? `all ${resource}` : `${resource} ${names.map(templateText).join(', ')}`;
  const which = selector === null ? '' : ` with labels ${templateText(selector)}`;
  if (allNamespaces) return `${who}${which} in all namespaces`;
  return `${who}${which}${namespace === null ? '' : ` in ${templateText(namespace)}`}`;
};

const conditionText = (until: Condition): string => {
  switch (until.kind) {
    case 'object':
      return `${subjectText(until.subject)} ${until.status ? 'is' : 'is not'} ${until.condition}`;
    case 'gone':
      return `${subjectText(until.subject)} is gone`;
    case 'resolved':
      return until.alert === null
        ? 'the alert is resolved'
        : `alert ${templateText(until.alert)} is resolved`;
    case 'healed':
      return until.finding === null
        ? 'what explains the alert is not broken any more'
        : `${templateText(until.finding)} is not broken any more`;
    case 'quorum':
      return until.cluster === null
        ? 'every watched etcd has a quorum'
        : `etcd ${templateText(until.cluster)} has a quorum`;
    case 'query':
      return `${templateText(until.promql)} ${until.is} ${until.value}`;
    default:
      return absurd(until);
  }
};

/** What a plan would do, exactly and in words, one thing a line; parameters without a value stand as `${name}`. */
export const planLines = (plan: Plan): readonly string[] => {
  switch (plan.kind) {
    case 'logs':
      return [
        `read logs of ${subjectText(plan.subject)}`,
        `container: ${plan.container === null ? 'the only one, or all' : templateText(plan.container)}${plan.previous ? ', of its previous run' : ''}`,
        `bounds: the last ${durationText(plan.since)}, at most ${plan.tail} ${plan.tail === 1 ? 'line' : 'lines'}`,
        ...(plan.filter === '' ? [] : [`look for: ${plan.filter}`]),
      ];
    case 'debug':
      return [
        `start a debug container beside ${subjectText(plan.subject)}`,
        `image: ${plan.image === '' ? 'the configured one' : plan.image}${plan.target === null ? '' : `, processes of ${templateText(plan.target)}`}`,
        ...(plan.look.length === 0
          ? ['look: a prompt']
          : [`look: ${plan.look.map(templateText).join(' ')}, typed by you`]),
      ];
    case 'etcd': {
      const who = plan.member === null ? 'each member in turn' : templateText(plan.member);
      const argument = plan.argument === null ? '' : ` ${templateText(plan.argument)}`;
      return [`etcd ${plan.call}${argument}: ${who}`];
    }
    case 'query':
      return [
        `query Prometheus${plan.over === null ? '' : ` over the last ${durationText(plan.over)}`}`,
        ...templateText(plan.promql).split('\n'),
      ];
    case 'http':
      return [`GET ${templateText(plan.url)}`];
    case 'kubectl':
      return [
        `${plan.verb} ${subjectText(plan.subject)}`,
        ...(plan.fieldSelector === null ? [] : [`fields: ${optional(plan.fieldSelector)}`]),
        ...(plan.rest.length === 0 ? [] : [`with: ${plan.rest.map(templateText).join(' ')}`]),
      ];
    case 'watch':
      return [`wait until ${conditionText(plan.until)}, at most ${durationText(plan.within)}`];
    case 'manual':
      return plan.copy.length === 0 ? ['done by hand'] : ['done by hand; to copy:', ...plan.copy];
    case 'checklist':
      return plan.items.map((item) => `[ ] ${item}`);
    case 'choice':
      return [plan.question];
    case 'refused':
      return [
        `never run: ${plan.why}`,
        ...(plan.hint === '' ? [] : [plan.hint]),
        ...(plan.instead === null ? [] : ['instead:', ...planLines(plan.instead)]),
      ];
    default:
      return absurd(plan);
  }
};
