import type { ActPlan, EffectRequest, Judgement, LogBounds, LogTarget } from '../../kernel/act.ts';
import { durationText } from '../../kernel/duration.ts';
import { type EpochMs, type Milliseconds, milliseconds } from '../../kernel/units.ts';
import { type Guard, silent } from '../guard.ts';
import type { LogPolicy } from '../policy.ts';
import { countText, sizeText } from './size-text.ts';

/** Fewer characters give no reason. */
const reasonLeast = 10;

/** What would be read further back, or more at once, than the policy has it. */
interface Beyond {
  readonly why: string;
  readonly hint: string;
  /** A reason, or another person, can open it for this one question. */
  readonly since: boolean;
}

const quoted = (value: string): string => JSON.stringify(value);

/** The same lines in a Loki, whose history costs the cluster nothing. */
export const lokiQuery = ({ namespace, pods, containers }: LogTarget): string => {
  const escaped = (names: readonly string[]) =>
    names.map((n) => n.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
  const labels = [
    `namespace=${quoted(namespace)}`,
    ...(pods.kind === 'named' && pods.names.length > 0
      ? [`pod=~${quoted(escaped(pods.names))}`]
      : []),
    ...(containers === null || containers.length === 0
      ? []
      : [`container=~${quoted(escaped(containers))}`]),
  ];
  return `{${labels.join(', ')}}`;
};

const ageOf = ({ since }: LogBounds, now: EpochMs): Milliseconds | null => {
  switch (since.kind) {
    case 'age':
      return since.age;
    case 'time':
      return milliseconds(now - since.at);
    case 'newest':
      return null;
  }
};

const ageText = (age: number): string =>
  Number.isFinite(age) ? durationText(milliseconds(age)) : 'all of it';

const tooFar = (age: number, policy: LogPolicy): boolean => !(age <= policy.sinceMax);

const sinceHint = (policy: LogPolicy, target: LogTarget, age: number): string => {
  const opens = {
    never: '',
    reason: ' (or give a reason with --reason)',
    'second-person': ' (or have another person agree)',
  }[policy.override];
  const from = durationText(milliseconds(Number.isFinite(age) ? age : policy.sinceMax));
  return `try --since=${durationText(policy.sinceMax)}${opens}, or ask Loki: logcli query --since=${from} '${lokiQuery(target)}'`;
};

const more = (
  what: string,
  asked: number | string,
  limit: number | string,
  flag: string,
): Beyond => ({
  why: `asked for ${typeof asked === 'number' ? countText(asked) : asked} ${what}, the limit is ${limit}`,
  hint: `try ${flag}`,
  since: false,
});

const newestBeyond = (bounds: LogBounds, policy: LogPolicy): readonly Beyond[] => {
  if (policy.newest <= 0) {
    return [
      {
        why: 'the newest lines, whenever they were, may not be read here',
        hint: `try --since=${durationText(policy.sinceMax)}`,
        since: false,
      },
    ];
  }
  if (bounds.tail !== null && bounds.tail <= policy.newest) return [];
  return [
    more(
      'lines, whenever they were',
      bounds.tail ?? 'all',
      policy.newest,
      `--tail=${policy.newest}`,
    ),
  ];
};

const logsBeyond = (
  target: LogTarget,
  bounds: LogBounds,
  policy: LogPolicy,
  now: EpochMs,
): readonly Beyond[] => {
  const age = ageOf(bounds, now);
  const { tail, limitBytes, lease, streams } = bounds;
  return [
    ...(age === null
      ? newestBeyond(bounds, policy)
      : tooFar(age, policy)
        ? [
            {
              why: `asked for ${ageText(age)}, the limit is ${durationText(policy.sinceMax)}`,
              hint: sinceHint(policy, target, age),
              since: true,
            },
          ]
        : []),
    ...(tail === null || tail <= policy.tailMax
      ? []
      : [more('lines', tail, policy.tailMax, `--tail=${policy.tailMax}`)]),
    ...(limitBytes > 0 && limitBytes <= policy.bytesMax
      ? []
      : [
          more(
            'of each container',
            sizeText(limitBytes),
            sizeText(policy.bytesMax),
            `--limit-bytes=${policy.bytesMax}`,
          ),
        ]),
    ...(lease === null || lease <= policy.followMax
      ? []
      : [
          more(
            'of new lines',
            ageText(lease),
            durationText(policy.followMax),
            `--for=${durationText(policy.followMax)}`,
          ),
        ]),
    ...(streams > 0 && streams <= policy.streamsMax
      ? []
      : [more('streams at once', streams, policy.streamsMax, `--streams=${policy.streamsMax}`)]),
  ];
};

const beyondOf = (request: EffectRequest, policy: LogPolicy, now: EpochMs): readonly Beyond[] => {
  if (request.kind === 'logs') return logsBeyond(request.target, request.bounds, policy, now);
  if (request.kind !== 'loki') return [];
  const span = request.to - request.from;
  const limit = durationText(policy.sinceMax);
  return [
    ...(tooFar(span, policy)
      ? [
          {
            why: `asked for ${ageText(span)}, the limit is ${limit}`,
            hint: `ask for ${limit} at a time`,
            since: true,
          },
        ]
      : []),
    ...(request.lines > 0 && request.lines <= policy.tailMax
      ? []
      : [more('lines', request.lines, policy.tailMax, `--tail=${policy.tailMax}`)]),
  ];
};

const readsLogs = (plan: ActPlan): boolean =>
  plan.requests.some((r) => r.kind === 'logs' || r.kind === 'loki');

const asked = (beyond: readonly Beyond[], policy: LogPolicy): Judgement => {
  const why = beyond.map((b) => b.why).join('; ');
  const hint = beyond[0]?.hint ?? '';
  const firm = beyond.some((b) => !b.since) || policy.override === 'never';
  if (firm) return { kind: 'deny', why, hint, opens: 'never' };
  const challenge =
    policy.override === 'reason'
      ? ({ kind: 'reason', least: reasonLeast } as const)
      : ({ kind: 'second-person' } as const);
  return { kind: 'ask', why: `${why}; ${hint}`, challenge };
};

/** Logs are read no further back, and no more of them at once, than the policy has it. Nothing is cut down silently. */
export const sinceLimit: Guard = {
  id: 'since-limit',
  title: 'logs are read within the limits of the policy',
  judge: (plan, { policy }, now) => {
    if (!readsLogs(plan)) return silent;
    const beyond = plan.requests.flatMap((r) => beyondOf(r, policy.logs, now));
    if (beyond.length > 0) return asked(beyond, policy.logs);
    return { kind: 'allow', why: `within ${durationText(policy.logs.sinceMax)}` };
  },
};
