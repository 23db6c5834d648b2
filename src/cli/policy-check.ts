import { sizeText } from '../actions/guards/size-text.ts';
import { actions } from '../actions/index.ts';
import { classOf, type PolicySettings } from '../actions/policy-settings.ts';
import { ownWord } from '../actions/windows/own-window.ts';
import { systemClock } from '../adapters/clock.ts';
import { durationText } from '../kernel/duration.ts';
import { failureText } from '../kernel/failure.ts';
import { globMatches } from '../kernel/glob.ts';
import { plainText } from '../kernel/text.ts';
import type { EpochMs } from '../kernel/units.ts';
import { type Config, loadConfig, readConfig } from './config.ts';
import type { Io } from './io.ts';
import type { PolicyConfig } from './policy-config.ts';
import { policySettings } from './policy-from-config.ts';

export interface CheckedPolicy {
  readonly schema: 'midwatch.policy-check/v1';
  readonly path: string;
  readonly at: string;
  readonly classes: readonly CheckedClass[];
  readonly windows: readonly CheckedWindow[];
  readonly approvers: readonly string[];
  /** What has the right shape and can hardly be meant. */
  readonly problems: readonly string[];
}

export interface CheckedClass {
  readonly name: string;
  readonly where: string;
  readonly mode: 'read-only' | 'guarded' | 'as the context';
  readonly logs: string;
  readonly deny: readonly string[];
  readonly ask: readonly string[];
  readonly allow: readonly string[];
  readonly secondPerson: readonly string[];
}

export interface CheckedWindow {
  readonly name: string;
  readonly kind: 'allow' | 'deny';
  readonly schedule: string;
  readonly where: string;
  /** Changes are allowed by it now. */
  readonly allowed: boolean;
  /** ISO 8601; null when that does not change soon. */
  readonly changesAt: string | null;
}

type ClassConfig = NonNullable<PolicyConfig['classes']>[number];

const whereText = (
  contexts: readonly string[] | undefined,
  namespaces: readonly string[] | undefined,
  labels: string | undefined,
): string => {
  const parts = [
    ...(contexts === undefined || contexts.length === 0 ? [] : [`context ${contexts.join(' ')}`]),
    ...(namespaces === undefined || namespaces.length === 0
      ? []
      : [`namespace ${namespaces.join(' ')}`]),
    ...(labels === undefined ? [] : [`labels ${labels}`]),
  ];
  return parts.length === 0 ? 'everywhere' : parts.join(', ');
};

const actionIds: readonly string[] = actions.map((a) => a.id);

const unknownGlobs = (globs: readonly string[] | undefined): readonly string[] =>
  (globs ?? []).filter((glob) => !actionIds.some((id) => globMatches(glob, id)));

const isEverywhere = ({ match }: ClassConfig): boolean =>
  match === undefined ||
  ((match.contexts ?? []).length === 0 &&
    (match.namespaces ?? []).length === 0 &&
    match.labels === undefined);

const needsTwo = (c: ClassConfig): boolean =>
  c.challenge === 'second-person' ||
  c.logs?.override === 'second-person' ||
  (c.secondPerson ?? []).length > 0;

/** What has the right shape and can hardly be meant. */
const problemsOf = ({
  classes = [],
  windows = [],
  approvers = [],
}: PolicyConfig): readonly string[] => {
  const all = classes.findIndex(isEverywhere);
  return [
    ...(all === -1 || all === classes.length - 1
      ? []
      : [`class ${classes[all]?.name}: it is about everything, so that no class after it holds`]),
    ...classes.flatMap((c) =>
      [c.deny, c.ask, c.allow, c.secondPerson].flatMap((globs) =>
        unknownGlobs(globs).map((glob) => `class ${c.name}: there is no action ${glob}`),
      ),
    ),
    ...windows.flatMap((w) =>
      unknownGlobs(w.actions).map((glob) => `window ${w.name}: there is no action ${glob}`),
    ),
    ...(approvers.length > 0
      ? []
      : classes
          .filter(needsTwo)
          .map((c) => `class ${c.name}: it needs another person, and there are no approvers`)),
  ];
};

const classesOf = (config: PolicyConfig, { classes }: PolicySettings): readonly CheckedClass[] =>
  classes.map((rule, i) => {
    const written = config.classes?.[i];
    const { logs, deny, ask, allow, secondPerson } = classOf(rule, rule.base !== 'usual');
    const { contexts, namespaces, labels } = written?.match ?? {};
    const { sinceMax, bytesMax, tailMax } = logs;
    return {
      name: rule.name,
      where: whereText(contexts, namespaces, labels),
      mode: rule.sets.mode ?? 'as the context',
      logs: `${durationText(sinceMax)}, ${tailMax} lines, ${sizeText(bytesMax)}`,
      deny,
      ask,
      allow,
      secondPerson,
    };
  });

/** What a configuration says of policy, and what is odd about it. Pure. */
export const checkedPolicy = (config: Config, path: string, now: EpochMs): CheckedPolicy => {
  const policy = config.policy ?? {};
  const settings = policySettings(policy);
  return {
    schema: 'midwatch.policy-check/v1',
    path,
    at: new Date(now).toISOString(),
    classes: classesOf(policy, settings),
    windows: settings.windows.map((window, i) => {
      const written = policy.windows?.[i];
      const word = ownWord([window], now);
      return {
        name: window.name,
        kind: window.kind,
        schedule: `"${written?.schedule}" for ${written?.duration}, ${written?.timeZone ?? 'UTC'}`,
        where: whereText(window.contexts, window.namespaces, undefined),
        allowed: word?.allowed ?? false,
        changesAt: word?.changesAt == null ? null : new Date(word.changesAt).toISOString(),
      };
    }),
    approvers: settings.approvers.map((a) => a.name),
    problems: problemsOf(policy),
  };
};

const listText = (what: string, globs: readonly string[]): string =>
  globs.length === 0 ? '' : `; ${what} ${globs.join(' ')}`;

export const checkedPolicyText = (checked: CheckedPolicy): string => {
  const { path, classes, windows, approvers, problems } = checked;
  return [
    path,
    '',
    'Classes, the first that matches holds:',
    ...classes.map(
      (c) =>
        `  ${c.name}: ${c.where}; ${c.mode}; logs ${c.logs}${listText('deny', c.deny)}${listText('ask', c.ask)}${listText('allow', c.allow)}${listText('two people', c.secondPerson)}`,
    ),
    '  production: contexts that are, where no class matches',
    '  usual: all others',
    ...(windows.length === 0 ? [] : ['', 'Windows:']),
    ...windows.map(
      (w) =>
        `  ${w.name}: ${w.kind} ${w.schedule}; ${w.where}; now changes are ${w.allowed ? 'allowed' : 'denied'}${w.changesAt === null ? '' : ` until ${w.changesAt}`}`,
    ),
    ...(approvers.length === 0 ? [] : ['', `Approvers: ${approvers.join(', ')}`]),
    ...(problems.length === 0 ? [] : ['', 'Problems:', ...problems.map((p) => `  ${p}`)]),
  ]
    .map((line) => `${plainText(line)}\n`)
    .join('');
};

/** `midwatch policy check`: exit 0 when it can be meant, 1 when it can hardly, 64 when it cannot be read. */
export const checkPolicy = (
  path: string | undefined,
  json: boolean,
  io: Pick<Io, 'out' | 'err' | 'env'>,
): number => {
  const loaded = path === undefined ? loadConfig(io.env) : readConfig(path);
  if (!loaded.ok) {
    io.err(`midwatch: ${failureText(loaded.failure)}\n${loaded.failure.hint ?? ''}\n`);
    return 64;
  }
  const checked = checkedPolicy(loaded.value.config, loaded.value.path, systemClock.now());
  io.out(json ? `${JSON.stringify(checked)}\n` : checkedPolicyText(checked));
  return checked.problems.length > 0 ? 1 : 0;
};
