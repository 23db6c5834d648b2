import type { Result } from '../kernel/failure.ts';
import type { Access } from '../kernel/ports.ts';
import { objectKinds } from '../probes/index.ts';
import { bad, type DoctorLine, fine, warn } from './doctor-line.ts';

/** What midwatch reads, and what it would do. */
export interface Question {
  readonly access: Access;
  /** Asked once more for the own namespace when the answer for all of them is no. */
  readonly perNamespace: boolean;
}

export interface Answered extends Question {
  readonly everywhere: Result<boolean>;
  /** Null when it was not asked. */
  readonly own: Result<boolean> | null;
}

export const readQuestions: readonly Question[] = objectKinds.flatMap(({ ref }) =>
  (['list', 'watch'] as const).map((verb) => ({
    access: { verb, group: ref.group, resource: ref.resource, namespace: '' },
    perNamespace: ref.namespaced,
  })),
);

const ask = (verb: string, resource: string): Question => ({
  access: { verb, group: '', resource, namespace: '' },
  perNamespace: true,
});

export const actQuestions: readonly Question[] = [
  ask('get', 'pods/log'),
  ask('patch', 'pods/ephemeralcontainers'),
];

type Reach = 'everywhere' | 'own' | 'no' | 'unknown';

const reachOf = ({ everywhere, own }: Answered): Reach => {
  if (!everywhere.ok) return 'unknown';
  if (everywhere.value) return 'everywhere';
  if (own === null) return 'no';
  if (!own.ok) return 'unknown';
  return own.value ? 'own' : 'no';
};

const worstFirst: readonly Reach[] = ['no', 'unknown', 'own', 'everywhere'];

const full = ({ group, resource }: Access): string =>
  group === '' ? resource : `${resource}.${group}`;

/** Without these there is no screen worth looking at. */
const vital = new Set(['pods']);

const grant = (verbs: string, resources: readonly string[]): string =>
  `kubectl create clusterrole midwatch --verb=${verbs} --resource=${resources.join(',')}, and bind it`;

/** Reading: one line for all that is allowed everywhere, one for each kind that is not. Pure. */
export const readLines = (
  answers: readonly Answered[],
  namespace: string,
): readonly DoctorLine[] => {
  const kinds = Map.groupBy(answers, (a) => full(a.access));
  const lines: DoctorLine[] = [];
  let allowed = 0;
  for (const [kind, asked] of kinds) {
    const reaches = asked.map(reachOf);
    const reach = worstFirst.find((r) => reaches.includes(r)) ?? 'unknown';
    if (reach === 'everywhere') {
      allowed += 1;
      continue;
    }
    lines.push(readLine(kind, reach, asked, namespace));
  }
  const all = kinds.size;
  const summary = fine('may read', `${allowed} of ${all} kinds, in all namespaces`);
  return allowed === 0 ? lines : [summary, ...lines];
};

const readLine = (
  kind: string,
  reach: Reach,
  asked: readonly Answered[],
  namespace: string,
): DoctorLine => {
  const check = `may read ${kind}`;
  const verbs = asked
    .filter((a) => reachOf(a) !== 'everywhere')
    .map((a) => a.access.verb)
    .join(' and ');
  if (reach === 'own') {
    return warn(
      check,
      `${verbs} only in namespace ${namespace}; others are tried one by one`,
      grant('get,list,watch', [kind]),
    );
  }
  if (reach === 'unknown') {
    const why = asked
      .map((a) => (a.everywhere.ok ? a.own : a.everywhere))
      .find((r) => r?.ok === false);
    const text = why?.ok === false ? why.failure.message : 'no answer';
    return warn(check, `could not be asked: ${text}`, 'ask again with kubectl auth can-i --list');
  }
  const say = vital.has(kind) ? bad : warn;
  return say(
    check,
    `may not ${verbs}: it stays "?" on the screen`,
    grant('get,list,watch', [kind]),
  );
};

/** Doing: logs and debug containers. Pure. */
export const actLines = (answers: readonly Answered[]): readonly DoctorLine[] =>
  answers.map((a) => {
    const { verb, resource } = a.access;
    const check = `may ${verb} ${resource}`;
    const reach = reachOf(a);
    const where = reach === 'own' ? 'in the own namespace' : 'in all namespaces';
    if (reach === 'unknown') return warn(check, 'could not be asked', 'see the lines above');
    if (reach !== 'no') return fine(check, `yes, ${where}`);
    const what = resource === 'pods/log' ? 'no logs' : 'no debug containers';
    return warn(check, `no: ${what}`, grant(verb, [resource]));
  });
