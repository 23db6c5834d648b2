import { type Gathered, known, unknown, type WindowWord } from '../actions/guard.ts';
import { namespaceOf } from '../actions/policy-place.ts';
import type { PolicySettings } from '../actions/policy-settings.ts';
import { argoWords, type CalendarSubject } from '../actions/windows/argo-words.ts';
import { ownWord, windowsAbout } from '../actions/windows/own-window.ts';
import type { ActPlan } from '../kernel/act.ts';
import type { EpochMs } from '../kernel/units.ts';
import type { World } from '../kernel/world.ts';
import type { ArgoCalendars } from './gather-argo.ts';
import { refOfResource } from './resource-path.ts';

/** What calendars are asked about; null for what is no object of the API server. */
const calendarSubject = (world: World, { subject }: ActPlan): CalendarSubject | null => {
  if (subject.kind !== 'object') return null;
  const ref = refOfResource(world, subject.resource);
  return {
    group: ref?.group ?? '',
    kind: ref?.kind ?? '',
    namespace: namespaceOf(subject),
    name: subject.name,
  };
};

/** Words of the configuration's windows about a plan: one, or none. */
export const ownWords = (
  settings: PolicySettings,
  plan: ActPlan,
  now: EpochMs,
): readonly WindowWord[] => {
  const about = {
    context: plan.context,
    namespace: namespaceOf(plan.subject),
    action: plan.action,
  };
  const word = ownWord(windowsAbout(settings.windows, about), now);
  return word === null ? [] : [word];
};

/** Words of all calendars about a plan. What is closed by our own is closed, whatever Argo CD would say. */
export const wordsAbout = (
  settings: PolicySettings,
  calendars: Gathered<ArgoCalendars>,
  world: World,
  plan: ActPlan,
  now: EpochMs,
): Gathered<readonly WindowWord[]> => {
  const own = ownWords(settings, plan, now);
  const subject = calendarSubject(world, plan);
  if (subject === null) return known(own);
  if (calendars.kind === 'unknown') return unknown(`change windows of Argo CD: ${calendars.why}`);
  const { applications, projects } = calendars.value;
  return known([...own, ...argoWords(applications, projects, subject, now)]);
};
