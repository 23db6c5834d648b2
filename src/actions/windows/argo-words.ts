import type { EpochMs } from '../../kernel/units.ts';
import type { WindowWord } from '../guard.ts';
import { canSync, nextSyncChange, within } from './can-sync.ts';
import { isAssigned, type SyncTarget, type SyncWindow } from './sync-window.ts';

/** The parts of an Application that say whose object something is. */
export interface ArgoApplication {
  readonly name: string;
  readonly namespace: string;
  readonly project: string;
  /** Where the controller that keeps it has its projects; '' when it did not say. */
  readonly controllerNamespace: string;
  readonly target: SyncTarget;
  readonly resources: readonly ArgoResource[];
}

export interface ArgoResource {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

export interface ArgoProject {
  readonly name: string;
  readonly namespace: string;
  readonly windows: readonly SyncWindow[];
}

/** What is asked about. `kind` as the server has it, '' where it is not known. */
export interface CalendarSubject extends ArgoResource {}

const isSame = (a: ArgoResource, b: CalendarSubject): boolean =>
  a.group === b.group && a.kind === b.kind && a.namespace === b.namespace && a.name === b.name;

/**
 * Applications that keep the subject, or that keep things in its namespace: what they do not list themselves, pods, is
 * made by something that they do.
 */
export const applicationsAbout = (
  applications: readonly ArgoApplication[],
  subject: CalendarSubject,
): readonly ArgoApplication[] =>
  applications.filter(
    ({ target, resources }) =>
      resources.some((r) => isSame(r, subject)) ||
      (subject.namespace !== '' &&
        (target.namespace === subject.namespace ||
          resources.some((r) => r.namespace === subject.namespace))),
  );

/** The project of that name beside the controller; without that, all of that name. */
const projectsOf = (
  { project, namespace, controllerNamespace }: ArgoApplication,
  projects: readonly ArgoProject[],
): readonly ArgoProject[] => {
  const named = projects.filter((p) => p.name === (project === '' ? 'default' : project));
  const beside = named.filter(
    (p) => p.namespace === (controllerNamespace === '' ? namespace : controllerNamespace),
  );
  return beside.length > 0 ? beside : named;
};

/** Words are for people: so many of one kind say no more than these. */
const wordsMost = 20;

/**
 * What the calendars of Argo CD say about a change by hand of the subject: whether a person may sync the applications
 * that keep it now. [] when no window is about any of them.
 */
export const argoWords = (
  applications: readonly ArgoApplication[],
  projects: readonly ArgoProject[],
  subject: CalendarSubject,
  now: EpochMs,
): readonly WindowWord[] => {
  const words = applicationsAbout(applications, subject).flatMap((app): readonly WindowWord[] => {
    const mine = projectsOf(app, projects);
    if (mine.length === 0) {
      return [
        {
          source: `Application ${app.namespace}/${app.name}`,
          allowed: false,
          why: `closed: its project ${app.project} is not there, so that its windows are not known`,
          changesAt: null,
        },
      ];
    }
    return mine.flatMap((project) => {
      const windows = project.windows.filter((w) => isAssigned(w, app.target));
      if (windows.length === 0) return [];
      const verdict = canSync(windows, within(now), now);
      const others = verdict.automatic === verdict.manual ? '' : ', only by hand';
      return [
        {
          source: `AppProject ${project.namespace}/${project.name}`,
          allowed: verdict.manual,
          why: `${app.name} ${verdict.manual ? `may be synced${others}` : 'may not be synced'}: ${verdict.why}${verdict.rule === 'error' ? '' : ` (rule ${verdict.rule})`}`,
          changesAt: nextSyncChange(windows, now),
        },
      ];
    });
  });
  // What closes comes first, and is not cut off by what does not.
  return [...words.filter((w) => !w.allowed), ...words.filter((w) => w.allowed)].slice(
    0,
    wordsMost,
  );
};
