import { failureText, type Result } from '../kernel/failure.ts';
import type { Access } from '../kernel/ports.ts';
import type { EpochMs } from '../kernel/units.ts';
import { bad, type DoctorLine, fine, warn } from './doctor-line.ts';
import type { Answered, Question } from './doctor-rights.ts';

/** The audit of this machine, as far as it can be seen without writing to it. */
export interface AuditSeen {
  readonly path: string;
  /** Time of the last record; null when there is none yet. */
  readonly last: EpochMs | null;
  /** Time of the newest seal; null without one. */
  readonly sealed: EpochMs | null;
}

/** What a session would have that is started now, without a flag. */
export interface DoorSeen {
  readonly mode: 'read-only' | 'guarded';
  /** Class of the policy that holds for the cluster itself. */
  readonly policy: string;
  /** With why nothing could be written down, and so nothing be done. */
  readonly audit: Result<AuditSeen>;
}

const timeText = (at: EpochMs): string => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');

export const doorLine = ({ mode, policy, audit }: DoorSeen): DoctorLine => {
  const door = `${mode}, by class ${policy} of the policy`;
  if (!audit.ok) {
    const text = `${door}; closed: ${failureText(audit.failure)}`;
    return bad('door', text, audit.failure.hint ?? 'set audit.path to a file that can be written');
  }
  const { path, last, sealed } = audit.value;
  const written = last === null ? 'nothing is in it yet' : `last record ${timeText(last)}`;
  const seals = sealed === null ? 'no seal' : `last seal ${timeText(sealed)}`;
  const text = `${door}; audit ${path} can be written, ${written}, ${seals}`;
  return last !== null && sealed === null
    ? warn(
        'door',
        text,
        'a session seals it when it ends; midwatch audit verify says whether it is whole',
      )
    : fine('door', text);
};

const access = (verb: string, resource: string, group = ''): Access => ({
  verb,
  group,
  resource,
  namespace: '',
});

/** Apart, since no path is ever made of it: it is only asked whether somebody else could. */
const inContainers = ['pods', 'exec'].join('/');

/** Either is enough: servers before 1.35 take the verb of a GET for a session over WebSocket. */
export const execQuestions: readonly Question[] = ['create', 'get'].map((verb) => ({
  access: access(verb, inContainers),
  perNamespace: true,
}));

const isYes = ({ everywhere, own }: Answered): boolean =>
  (everywhere.ok && everywhere.value) || (own?.ok === true && own.value);
const isUnknown = ({ everywhere, own }: Answered): boolean => !everywhere.ok || own?.ok === false;

/** Whether others could run commands in containers as this user: midwatch cannot, and its audit would not tell. */
export const execLine = (answers: readonly Answered[]): DoctorLine => {
  const check = 'may run commands in containers';
  const verbs = answers.filter(isYes).map((a) => a.access.verb);
  if (verbs.length > 0) {
    const text = `yes, with other programs: this user has ${verbs.join(' and ')} on ${inContainers}; midwatch has no way to, and does not see it`;
    return warn(check, text, `leave ${inContainers} out of the roles of this user, wildcards too`);
  }
  return answers.some(isUnknown)
    ? warn(check, 'could not be asked', 'see the lines above')
    : fine(check, 'no: neither here nor with other programs');
};

/** `create` is what servers ask for from 1.35 on. */
const joins: readonly Access[] = [access('get', 'pods/attach'), access('create', 'pods/attach')];

/** What each action needs of the API server; those on etcd and on Alertmanager have rights of their own. */
const needs: readonly (readonly [action: string, needed: readonly Access[]])[] = [
  ['logs', [access('get', 'pods/log')]],
  ['debug', [access('patch', 'pods/ephemeralcontainers'), ...joins]],
  ['debug-node', [access('create', 'pods'), ...joins]],
  ['restart', [access('patch', 'deployments', 'apps')]],
  ['scale', [access('patch', 'deployments/scale', 'apps')]],
  ['delete-pod', [access('delete', 'pods')]],
  ['cordon', [access('patch', 'nodes')]],
];

const keyOf = ({ verb, group, resource }: Access): string => `${verb} ${resource}.${group}`;

export const actionQuestions: readonly Question[] = [
  ...new Map(needs.flatMap(([, needed]) => needed).map((a) => [keyOf(a), a] as const)).values(),
].map((asked) => ({ access: asked, perNamespace: asked.resource !== 'nodes' }));

/** Which actions the rights allow, everywhere or in the own namespace; guards may still refuse them. */
export const actionsLine = (answers: readonly Answered[]): DoctorLine => {
  const byKey = new Map(answers.map((a) => [keyOf(a.access), a]));
  const can = (needed: readonly Access[]): boolean =>
    needed.every((a) => {
      const answered = byKey.get(keyOf(a));
      return answered !== undefined && isYes(answered);
    });
  const may = needs.filter(([, needed]) => can(needed)).map(([action]) => action);
  const not = needs.flatMap(([action, needed]) =>
    can(needed)
      ? []
      : [`${action} (${needed.map(({ verb, resource }) => `${verb} ${resource}`).join(', ')})`],
  );
  const lacks = not.length === 0 ? '' : `; not ${not.join(', ')}`;
  return fine('rights allow', `${may.length === 0 ? 'no action' : may.join(', ')}${lacks}`);
};
