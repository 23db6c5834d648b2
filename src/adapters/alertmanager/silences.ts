import type { Matcher, Silence } from '../../kernel/alert-fact.ts';
import { type EpochMs, hours } from '../../kernel/units.ts';
import { boundedText, listOf, membersOf, nameKept, timeOf } from './bounded-text.ts';

/** Alertmanager keeps silences for days after their end; who looks now wants to know the latest only. */
const expiredKept = hours(1);
/** Silences kept of one source. */
export const silencesKept = 20_000;
const matchersKept = 64;

export interface SilencesRead {
  /** By id. */
  readonly silences: ReadonlyMap<string, Silence>;
  readonly unread: number;
}

const matcherOf = (raw: unknown): Matcher => {
  const { name, value, isRegex, isEqual } = membersOf(raw);
  return {
    name: boundedText(name, nameKept),
    value: boundedText(value),
    isRegex: isRegex === true,
    // Older servers do not say, and know nothing else.
    isEqual: isEqual !== false,
  };
};

const stateOf = (state: unknown): Silence['state'] =>
  state === 'expired' || state === 'pending' ? state : 'active';

const silenceOf = (raw: unknown): Silence | null => {
  const { id, status, matchers, createdBy, comment, startsAt, endsAt } = membersOf(raw);
  const name = boundedText(id, nameKept);
  if (name === '' || !Array.isArray(matchers)) return null;
  return {
    id: name,
    state: stateOf(membersOf(status).state),
    matchers: listOf(matchers).slice(0, matchersKept).map(matcherOf),
    author: boundedText(createdBy, nameKept),
    comment: boundedText(comment),
    startsAt: timeOf(startsAt),
    endsAt: timeOf(endsAt),
  };
};

/** The silences in an answer of `/api/v2/silences` without those that ended long ago. Null when it is no such answer. */
export const silencesIn = (answer: unknown, now: EpochMs): SilencesRead | null => {
  if (!Array.isArray(answer)) return null;
  const silences = new Map<string, Silence>();
  let unread = 0;
  for (const raw of answer) {
    const silence = silenceOf(raw);
    if (silence === null) unread += 1;
    else if (silence.state !== 'expired' || silence.endsAt > now - expiredKept) {
      if (silences.size < silencesKept) silences.set(silence.id, silence);
      else unread += 1;
    }
  }
  return { silences, unread };
};
