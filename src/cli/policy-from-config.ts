import type { LogPolicy, PolicyClass } from '../actions/policy.ts';
import type { ClassRule, PolicySettings } from '../actions/policy-settings.ts';
import { type OwnWindow, readOwnSchedule } from '../actions/windows/own-window.ts';
import type { Challenge } from '../kernel/act.ts';
import { parseDuration } from '../kernel/duration.ts';
import { bytes } from '../kernel/units.ts';
import { parseSelector, selects } from '../views/parts/label-selector.ts';
import { type PolicyConfig, parseSize } from './policy-config.ts';

type ClassConfig = NonNullable<PolicyConfig['classes']>[number];
type WindowConfig = NonNullable<PolicyConfig['windows']>[number];

/** Fewer characters give no reason. */
const reasonLeast = 10;

const challengeOf = (kind: NonNullable<ClassConfig['challenge']>): Challenge =>
  kind === 'reason' ? { kind, least: reasonLeast } : { kind };

/** Only what is set: `undefined` would hide what it starts from. */
const set = <T extends object>(
  entries: { readonly [K in keyof T]?: T[K] | undefined },
): Partial<T> =>
  Object.fromEntries(Object.entries(entries).filter(([, v]) => v !== undefined)) as Partial<T>;

const time = (written: string | undefined) =>
  written === undefined ? undefined : (parseDuration(written) ?? undefined);

const size = (written: string | undefined) => {
  const parsed = written === undefined ? null : parseSize(written);
  return parsed === null ? undefined : bytes(parsed);
};

const logsOf = (logs: NonNullable<ClassConfig['logs']>): Partial<LogPolicy> =>
  set<LogPolicy>({
    since: time(logs.since),
    sinceMax: time(logs.sinceMax),
    tailMax: logs.tailMax,
    bytesMax: size(logs.bytesMax),
    followMax: time(logs.followMax),
    streamsMax: logs.streamsMax,
    budget: size(logs.budget),
    override: logs.override,
    newest: logs.newest,
  });

/** A selector that cannot be read is found when the configuration is; were one left, it would be about everything. */
const labelsOf = (written: string | undefined): ClassRule['labels'] => {
  if (written === undefined) return null;
  const selector = parseSelector(written);
  return selector.kind === 'invalid'
    ? () => true
    : (labels) => selects(selector.requirements, labels);
};

const ruleOf = ({ name, match, base, logs, challenge, ...rest }: ClassConfig): ClassRule => ({
  name,
  contexts: match?.contexts ?? [],
  namespaces: match?.namespaces ?? [],
  labels: labelsOf(match?.labels),
  base: base ?? null,
  sets: {
    ...set<PolicyClass>({
      mode: rest.mode,
      deny: rest.deny,
      ask: rest.ask,
      allow: rest.allow,
      secondPerson: rest.secondPerson,
      images: rest.images,
      rate: rest.rate,
      podsMax: rest.podsMax,
      windowRequired: rest.windowRequired,
      challenge: challenge === undefined ? undefined : challengeOf(challenge),
    }),
    ...(logs === undefined ? {} : { logs: logsOf(logs) }),
  },
});

const windowOf = (window: WindowConfig): OwnWindow => ({
  name: window.name,
  kind: window.kind,
  schedule: readOwnSchedule({ ...window, timeZone: window.timeZone ?? 'UTC' }),
  contexts: window.contexts ?? [],
  namespaces: window.namespaces ?? [],
  actions: window.actions ?? [],
});

/** What holds by the configuration. */
export const policySettings = (config: PolicyConfig | undefined): PolicySettings => ({
  classes: (config?.classes ?? []).map(ruleOf),
  windows: (config?.windows ?? []).map(windowOf),
  approvers: config?.approvers ?? [],
});

/** What is wrong with a policy that has the right shape: where, and why. */
export interface PolicyIssue {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

const classIssues = (
  { match, logs, name }: ClassConfig,
  at: number,
  earlier: readonly ClassConfig[],
): readonly PolicyIssue[] => {
  const path = ['classes', at];
  const selector = match?.labels === undefined ? null : parseSelector(match.labels);
  const since = time(logs?.since);
  const sinceMax = time(logs?.sinceMax);
  return [
    ...(selector?.kind === 'invalid'
      ? [{ path: [...path, 'match', 'labels'], message: selector.why }]
      : []),
    ...(since !== undefined && sinceMax !== undefined && since > sinceMax
      ? [{ path: [...path, 'logs', 'since'], message: 'it is more than sinceMax' }]
      : []),
    ...(earlier.some((c) => c.name === name)
      ? [{ path: [...path, 'name'], message: `there are two classes ${name}` }]
      : []),
  ];
};

const windowIssues = (window: WindowConfig, at: number): readonly PolicyIssue[] => {
  const { schedule } = windowOf(window);
  return schedule.ok ? [] : [{ path: ['windows', at], message: schedule.failure.message }];
};

/** What cannot be meant, although each value alone is fine. */
export const policyIssues = (config: PolicyConfig): readonly PolicyIssue[] => [
  ...(config.classes ?? []).flatMap((c, at, all) => classIssues(c, at, all.slice(0, at))),
  ...(config.windows ?? []).flatMap(windowIssues),
];
