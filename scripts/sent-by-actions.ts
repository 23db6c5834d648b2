import { requestText } from '../src/actions/request-text.ts';
import { type ActPlan, type EffectRequest, rightText } from '../src/kernel/act.ts';
import { actionOf, samplePlan, sampleWishes } from '../test/support/sample-acts.ts';

/** What the example world says, as a reader should see it: the kind of a thing in place of one such thing. */
const general: readonly (readonly [RegExp, string])[] = [
  [/\?fieldManager=midwatch/g, ''],
  [/"uid-[^"]*"/g, '"UID"'],
  [/worker-1/g, 'NODE'],
  [/gateway-7f9-a/g, 'POD'],
  [/gateway/g, 'NAME'],
  [/(?<=\/namespaces\/| in )payments/g, 'NAMESPACE'],
  [/https:\/\/10\.88\.0\.\d:2379/g, 'MEMBER'],
  [/2026-11-23T21:43:00(?:\.000)?Z/g, 'NOW'],
  [/2026-11-23T23:43:00\.000Z/g, 'END'],
  [/"leaks memory, INC-7"/g, '"TEXT"'],
  [/"known, INC-7"/g, '"WHY"'],
  [/"jo"/g, '"YOU"'],
  [/\[\{"name":"alertname".*?\}\]/g, '[MATCHERS]'],
  [/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID'],
  [/ at am-0/g, ' at an Alertmanager of each cluster'],
  [/"(?:9372538179322589801|18249187646912138824)"/g, '"ID"'],
  [/"39002"/g, '"REVISION"'],
  [/\/var\/tmp\/payments\.db/g, 'FILE'],
];

const generalText = (text: string): string =>
  general.reduce((all, [from, to]) => all.replaceAll(from, to), text).replaceAll('|', '\\|');

/** Requests of which there is one for each member are told once. */
const once = (requests: readonly EffectRequest[]): readonly string[] => [
  ...new Set(requests.map((r) => `\`${generalText(requestText(r))}\``)),
];

const rightsOf = (plan: ActPlan): string =>
  plan.rights.map((r) => generalText(rightText(r))).join(', ') ||
  (plan.subject.kind === 'etcd'
    ? 'a client certificate of etcd'
    : 'none, or those of the way there');

/** One row for each action whose requests are known before anything is read. */
export const sentByActions = (): readonly (readonly string[])[] =>
  Object.keys(sampleWishes).map((id) => {
    const plan = samplePlan(id);
    return [`${actionOf(id).title} (\`${id}\`)`, once(plan.requests).join('<br>'), rightsOf(plan)];
  });
