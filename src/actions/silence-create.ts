import type { ActPlan, EffectRequest, Intent } from '../kernel/act.ts';
import { noWeight } from '../kernel/act.ts';
import { durationText, parseDuration } from '../kernel/duration.ts';
import { failed, failure, failureText, ok, type Result } from '../kernel/failure.ts';
import { matchersText, parseMatchers } from '../kernel/matchers.ts';
import { cleanText } from '../kernel/redact.ts';
import { clip, plainText } from '../kernel/text.ts';
import { hours, seconds } from '../kernel/units.ts';
import type { ActInput, ActionDefinition, PlanDraft, PlanScene } from './action.ts';
import { counted } from './counted.ts';
import { shortBounds } from './object-request.ts';
import { asRecord, asText } from './read-json.ts';
import { sending } from './send-in-order.ts';
import { planSilence, type SilencePlan } from './silence.ts';
import { silenceScene } from './silence-scene.ts';

/** Over a weekend; who needs longer mends the rule. */
export const longestSilence = hours(72);
const leastComment = 5;
const mostMatchers = 2000;

const wrongMatchers: ActInput['wrong'] = (value) => {
  if (value.length > mostMatchers) return `at most ${mostMatchers} characters`;
  const read = parseMatchers(value);
  if (!read.ok) return failureText(read.failure);
  return read.value.length === 0 ? 'at least one matcher' : null;
};

const wrongDuration: ActInput['wrong'] = (value) => {
  const duration = parseDuration(value.trim());
  if (duration === null) return 'a time, such as 30m or 2h';
  return duration > longestSilence ? `at most ${durationText(longestSilence)}` : null;
};

const wrongComment: ActInput['wrong'] = (value) =>
  value.trim().length < leastComment ? 'words that say why' : null;

const inputs: readonly ActInput[] = [
  {
    name: 'matchers',
    title: 'for alerts with',
    hint: 'matchers as Alertmanager writes them: alertname="Crash", namespace="payments"',
    required: true,
    usual: () => '',
    wrong: wrongMatchers,
  },
  {
    name: 'duration',
    title: 'for how long',
    hint: `a time up to ${durationText(longestSilence)}, such as 2h`,
    required: true,
    usual: () => '2h',
    wrong: wrongDuration,
  },
  {
    name: 'comment',
    title: 'why',
    hint: 'why nobody needs to be told',
    required: true,
    usual: () => '',
    wrong: wrongComment,
  },
];

const listed = 3;

const hiddenWords = ({ hides }: SilencePlan): string => {
  const names = [...new Set(hides.listed.map((a) => a.name))].map((n) => clip(plainText(n), 60));
  const some = names.slice(0, listed).join(', ');
  const more = names.length > listed ? ' and others' : '';
  return hides.count === 0
    ? 'It hides no alert that is open now.'
    : `It hides ${counted(hides.count, 'open alert')}: ${some}${more}.`;
};

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

const effectRequests = ({ requests }: SilencePlan): readonly EffectRequest[] =>
  requests.map((r) => ({
    kind: 'alertmanager',
    cluster: r.cluster,
    sources: r.sources,
    method: r.method,
    path: r.path,
    body: JSON.stringify(r.body),
  }));

const firstWrong = ({ args }: Intent): string | null => {
  for (const { name, title, wrong } of inputs) {
    const why = wrong(args[name] ?? '');
    if (why !== null) return `${title}: ${why}`;
  }
  return null;
};

const draftOf = (intent: Intent, scene: PlanScene): Result<PlanDraft> => {
  const { subject, args } = intent;
  if (subject.kind !== 'alerts')
    return failed(failure('misconfigured', 'silence', 'only alerts can be silenced'));
  const why = firstWrong(intent);
  if (why !== null) return failed(failure('misconfigured', 'silence', why));
  const read = parseMatchers(args.matchers ?? '');
  const duration = parseDuration((args.duration ?? '').trim());
  if (!read.ok) return read;
  if (duration === null) return failed(failure('misconfigured', 'silence', 'no duration'));
  const plan = planSilence(
    {
      matchers: read.value,
      startsAt: null,
      duration,
      author: plainText(scene.person),
      comment: cleanText(plainText(args.comment ?? '')),
    },
    silenceScene(scene, subject.cluster),
    scene.now,
    scene.digest,
  );
  const told = read.value.find((m) => m.name === 'alertname' && m.isEqual && !m.isRegex)?.value;
  const text = clip(plainText(matchersText(read.value)), 200);
  const until = plan.requests[0]?.body.endsAt ?? '';
  return ok({
    title: `silence ${text} for ${durationText(duration)}`,
    effect: 'write',
    typed: told === undefined || told === '' ? 'silence' : plainText(told),
    requests: effectRequests(plan),
    rights: [],
    dangers: [
      hiddenWords(plan),
      ...plan.warnings.filter((w) => w !== 'it hides nothing now').map(sentence),
      ...(until === ''
        ? []
        : [`Nobody is told of them, nor of new ones like them, until ${until}.`]),
    ],
    refusals: plan.refusals,
    bounds: { ...shortBounds, time: seconds(60) },
    weight: noWeight,
  });
};

const idIn = (body: string): string => {
  try {
    return plainText(asText(asRecord(JSON.parse(body)).silenceID));
  } catch {
    return '';
  }
};

const told = (plan: ActPlan, answers: readonly { readonly body: string }[]): string => {
  const ids = answers.map(({ body }) => idIn(body)).filter((id) => id !== '');
  return `${plan.title}: ${ids.length === 0 ? 'done' : ids.join(', ')}`;
};

/** Keeps Alertmanagers from telling anybody of some alerts for a time. */
export const silenceCreate: ActionDefinition = {
  id: 'silence-create',
  title: 'silence',
  keys: [],
  aliases: ['silence'],
  resources: ['alerts'],
  effect: 'write',
  shown: false,
  elsewhere: 'amtool silence add --duration=2h --comment=… alertname=…',
  inputs,
  plan: draftOf,
  perform: sending(told),
};
