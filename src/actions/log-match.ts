import type { LogTarget } from '../kernel/act.ts';
import { failed, failure, ok, type Result } from '../kernel/failure.ts';

/** Whose logs are asked for, as far as it can be found out. */
export interface LogScope {
  readonly pods: LogTarget['pods'];
  /** Names of containers that there are; null where that is not known. */
  readonly containers: readonly string[] | null;
  /** `deployment gateway` */
  readonly words: string;
}

/** A pod as far as its name and its containers go. */
export interface NamedPod {
  readonly name: string;
  readonly containers: readonly string[];
}

export const wrongLogs = (message: string, hint = ''): Result<never> =>
  failed(failure('misconfigured', 'logs', message, hint === '' ? {} : { hint }));

/** Names of pods that are shown where none fits. */
const namesShown = 5;

const pattern = (text: string, what: string): Result<RegExp> => {
  try {
    return ok(new RegExp(text));
  } catch {
    return wrongLogs(`${what} is no regular expression`, 'escape what is meant literally');
  }
};

export const distinct = (all: readonly string[]): readonly string[] => [...new Set(all)].sort();

/** A name that is there is meant exactly; else it is a regular expression, and all that fit are meant. */
export const matchedPods = (
  text: string,
  all: readonly NamedPod[],
  namespace: string,
): Result<LogScope> => {
  const exact = all.filter((p) => p.name === text);
  const regex = pattern(text, 'the name');
  if (exact.length === 0 && !regex.ok) return regex;
  const fit = exact.length > 0 ? exact : all.filter((p) => regex.ok && regex.value.test(p.name));
  if (fit.length === 0) {
    const some = all.slice(0, namesShown).map((p) => p.name);
    const hint = some.length === 0 ? 'give its namespace with -n' : `there are ${some.join(', ')}`;
    return wrongLogs(`no pod in ${namespace} fits ${text}`, hint);
  }
  return ok({
    pods: { kind: 'named', names: fit.map((p) => p.name).sort() },
    containers: distinct(fit.flatMap((p) => p.containers)),
    words: fit.length === 1 ? `pod ${fit[0]?.name}` : `${fit.length} pods that fit ${text}`,
  });
};

/** The containers that are meant: a name, or a regular expression; null is all of them. */
export const wantedContainers = (
  text: string,
  { containers, words }: LogScope,
): Result<readonly string[] | null> => {
  if (text === '') return ok(null);
  if (containers === null) {
    const isName = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(text);
    return isName ? ok([text]) : wrongLogs('which containers there are is not known', 'name one');
  }
  if (containers.includes(text)) return ok([text]);
  const regex = pattern(text, 'the container');
  if (!regex.ok) return regex;
  const fit = containers.filter((c) => regex.value.test(c));
  return fit.length > 0
    ? ok(fit)
    : wrongLogs(`no container of ${words} fits ${text}`, `there are ${containers.join(', ')}`);
};
