import { type BrokenGlass, type Facts, type Gathered, known, unknown } from '../actions/guard.ts';
import type { PolicyClass } from '../actions/policy.ts';
import { namespaceOf, placeOf } from '../actions/policy-place.ts';
import {
  type Labels,
  type PolicySettings,
  policyFor,
  ruleFor,
} from '../actions/policy-settings.ts';
import { type ActPlan, type ActSubject, rightText } from '../kernel/act.ts';
import type { Clock } from '../kernel/clock.ts';
import { failureText, type Result } from '../kernel/failure.ts';
import type { Access } from '../kernel/ports.ts';
import { type EpochMs, minutes, seconds } from '../kernel/units.ts';
import type { World } from '../kernel/world.ts';
import { type ArgoCalendars, type ReadPath, readArgoCalendars } from './gather-argo.ts';
import { Remembered } from './gather-memory.ts';
import { namespaceLabels, uidNow } from './gather-uid.ts';
import { ownWords, wordsAbout } from './gather-windows.ts';

export interface GatherDeps {
  readonly clock: Clock;
  readonly context: string;
  readonly production: boolean;
  readonly settings: PolicySettings;
  /** `--read-only` or `--guarded`; null without either: what the class says. */
  readonly flag: 'read-only' | 'guarded' | null;
  readonly world: () => World;
  readonly read: ReadPath;
  readonly may: (access: Access, signal: AbortSignal) => Promise<Result<boolean>>;
  /** By SelfSubjectReview. */
  readonly identity: (signal: AbortSignal) => Promise<Result<string>>;
  /** Of this session. */
  readonly used: () => Facts['used'];
  readonly writes: () => readonly EpochMs[];
  readonly glass: () => BrokenGlass | null;
  /** Who else agreed to this very plan. */
  readonly approval: (plan: ActPlan, signal: AbortSignal) => Promise<Gathered<string | null>>;
  /** Whether the audit can be written. */
  readonly audit: (signal: AbortSignal) => Promise<Gathered<true>>;
}

/** Facts without having asked for all of them; what was not asked for counts as if the answer were the best. */
export interface PreviewFacts extends Facts {
  /** What is asked for before it is done: `patch nodes worker-1`, `change windows`. */
  readonly unasked: readonly string[];
}

export interface Gatherer {
  /** Finds out all that guards ask for. `fresh`: nothing that is remembered will do. Never throws, never waits long. */
  gather(plan: ActPlan, fresh: boolean, signal: AbortSignal): Promise<Facts>;
  /** The same from what is remembered, at once: for keys that are greyed. Nothing may be done by it. */
  preview(plan: ActPlan): PreviewFacts;
  /** What holds for a subject: for plans, which need it before there is one. */
  policy(subject: ActSubject): PolicyClass;
  mode(subject: ActSubject): Facts['mode'];
}

/** Longer than this nobody waits for a guard; what has not been answered by then is not known. */
const patience = seconds(15);
/** Listing all applications is work for the server; who decides lists them again. */
const calendarsKept = seconds(60);
/** A preview may be older: nothing is done by it. */
const previewKept = minutes(10);

const gathered = <T>(result: Result<T>): Gathered<T> =>
  result.ok ? known(result.value) : unknown(failureText(result.failure));

/** What is not answered in time, or breaks, is not known. */
const inTime = async <T>(
  asked: Promise<Gathered<T>>,
  over: Promise<void>,
): Promise<Gathered<T>> => {
  try {
    return await Promise.race([asked, over.then(() => unknown('there was no answer in time'))]);
  } catch (cause) {
    return unknown(cause instanceof Error ? cause.message : String(cause));
  }
};

/** One for a session: it remembers what it was told. */
export const gatherer = (deps: GatherDeps): Gatherer => {
  const { clock, context, production, settings } = deps;
  const rights = new Remembered<boolean>(clock, 2000);
  const calendars = new Remembered<ArgoCalendars>(clock, 1);
  const labels = new Remembered<Labels>(clock, 500);
  const identities = new Remembered<string>(clock, 1);
  let auditSaid: Gathered<true> = known(true);

  const labelled = settings.classes.some((rule) => rule.labels !== null);
  const place = (subject: ActSubject) => {
    const read = labels.get(namespaceOf(subject), previewKept);
    return placeOf(deps.world(), context, production, subject, read);
  };
  const policy = (subject: ActSubject) => policyFor(settings, place(subject));
  const mode = (subject: ActSubject): Facts['mode'] => {
    if (deps.flag === 'read-only') return 'read-only';
    const own = ruleFor(settings, place(subject))?.sets.mode;
    return own ?? deps.flag ?? policy(subject).mode;
  };

  const sync = (plan: ActPlan) => ({
    mode: mode(plan.subject),
    production,
    policy: policy(plan.subject),
    used: deps.used(),
    writes: deps.writes(),
    glass: deps.glass(),
  });

  /** Where the world has not seen a namespace, its labels are asked for: a policy depends on them. */
  const askLabels = async (subject: ActSubject, fresh: boolean, signal: AbortSignal) => {
    const namespace = namespaceOf(subject);
    const seen = placeOf(deps.world(), context, production, subject).labels.kind === 'known';
    if (!labelled || seen || (!fresh && labels.get(namespace, previewKept) !== null)) return;
    labels.keep(namespace, await namespaceLabels(deps.read, namespace, signal));
  };

  const askCalendars = async (fresh: boolean, signal: AbortSignal) => {
    const was = fresh ? null : calendars.get('', calendarsKept);
    return was === null
      ? calendars.keep('', await readArgoCalendars(deps.read, signal))
      : known(was);
  };

  const askRights = async (
    plan: ActPlan,
    fresh: boolean,
    over: Promise<void>,
    signal: AbortSignal,
  ): Promise<Facts['rights']> => {
    const distinct = new Map(plan.rights.map((right) => [rightText(right), right]));
    const answers = await Promise.all(
      [...distinct].map(async ([key, right]) => {
        const asked = deps.may({ ...right, fresh }, signal).then(gathered);
        return [key, rights.keep(key, await inTime(asked, over))] as const;
      }),
    );
    return new Map(answers);
  };

  const gather = async (plan: ActPlan, fresh: boolean, signal: AbortSignal): Promise<Facts> => {
    const done = new AbortController();
    const late = new AbortController();
    const until = AbortSignal.any([signal, late.signal]);
    const over = clock
      .sleep(patience, AbortSignal.any([signal, done.signal]))
      .then(() => late.abort());
    try {
      // What only reads is not held up by calendars.
      const reads = plan.effect === 'read';
      const [identity, granted, uid, argo, approval, audit] = await Promise.all([
        inTime(deps.identity(until).then(gathered), over),
        askRights(plan, fresh, over, until),
        inTime(uidNow(deps.read, deps.world(), plan.subject, until), over),
        reads
          ? known<ArgoCalendars>({ applications: [], projects: [] })
          : inTime(askCalendars(fresh, until), over),
        inTime(deps.approval(plan, until), over),
        inTime(deps.audit(until), over),
        inTime(askLabels(plan.subject, fresh, until).then(known), over),
      ]);
      identities.keep('', identity);
      auditSaid = audit;
      const windows = wordsAbout(settings, argo, deps.world(), plan, clock.now());
      return { ...sync(plan), identity, rights: granted, uid, windows, approval, audit };
    } finally {
      done.abort();
    }
  };

  const preview = (plan: ActPlan): PreviewFacts => {
    const now = clock.now();
    const keys = [...new Set(plan.rights.map(rightText))];
    const remembered = keys.map((key) => [key, rights.get(key, previewKept)] as const);
    const argo = plan.effect === 'read' ? null : calendars.get('', previewKept);
    const unaskedWindows = plan.effect !== 'read' && argo === null;
    const windows =
      argo === null
        ? known(ownWords(settings, plan, now))
        : wordsAbout(settings, known(argo), deps.world(), plan, now);
    const will = { source: 'calendars', allowed: true, why: 'will be asked', changesAt: null };
    return {
      ...sync(plan),
      identity: known(identities.get('', previewKept) ?? ''),
      rights: new Map(remembered.map(([key, value]) => [key, known(value ?? true)])),
      uid: known(plan.subject.kind === 'object' ? (plan.subject.uid ?? '') : ''),
      windows:
        unaskedWindows && windows.kind === 'known' ? known([...windows.value, will]) : windows,
      approval: known(null),
      audit: auditSaid,
      unasked: [
        ...remembered.flatMap(([key, value]) => (value === null ? [key] : [])),
        ...(unaskedWindows ? ['change windows of Argo CD'] : []),
        ...(plan.effect !== 'read' && plan.subject.kind === 'object'
          ? ['whether it is still the same']
          : []),
      ],
    };
  };

  return { gather, preview, policy, mode };
};
