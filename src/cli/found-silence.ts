import { z } from 'zod';
import { matcherSchema, type Silence } from '../kernel/alert-fact.ts';
import { plainText } from '../kernel/text.ts';
import { type EpochMs, minutes } from '../kernel/units.ts';

const wishSchema = z.object({
  matchers: z.array(matcherSchema),
  startsAt: z.string(),
  endsAt: z.string(),
  createdBy: z.string(),
  comment: z.string(),
});
/** A silence as it was asked for. */
export type SilenceAsked = Readonly<z.infer<typeof wishSchema>>;

/** Null where it was not written down whole. */
export const silenceAsked = (body: unknown): SilenceAsked | null => {
  const read = wishSchema.safeParse(body);
  return read.success ? read.data : null;
};

/** From the plan until the last moment at which it can have arrived, with clocks that do not agree. */
const arrivesWithin = minutes(15);
/** By how much an Alertmanager may round, or its clock be behind. */
const earlier = minutes(1);

const matcherText = ({ name, value, isRegex, isEqual }: SilenceAsked['matchers'][number]): string =>
  JSON.stringify([plainText(name), plainText(value), isRegex, isEqual]);

const matchersOf = (matchers: readonly SilenceAsked['matchers'][number][]): string =>
  matchers.map(matcherText).sort().join();

/**
 * Alertmanager gives the id, sets the start to when it arrives, and the end to when somebody ends it: what stays is who
 * made it, why, and which alerts it hides.
 */
export const isLike =
  (asked: SilenceAsked) =>
  ({ author, comment, matchers, startsAt, endsAt }: Silence): boolean => {
    const from = Date.parse(asked.startsAt);
    return (
      plainText(author) === plainText(asked.createdBy) &&
      plainText(comment) === plainText(asked.comment) &&
      matchersOf(matchers) === matchersOf(asked.matchers) &&
      startsAt >= from - earlier &&
      startsAt <= from + arrivesWithin &&
      endsAt <= Date.parse(asked.endsAt) + earlier
    );
  };

const time = (at: number): string =>
  `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

const stateText = ({ state, endsAt }: Silence): string =>
  state === 'expired' ? `ended at ${time(endsAt)}` : `${state} until ${time(endsAt)}`;

/** What an Alertmanager has of a silence that was asked for. */
export const createdText = (
  asked: SilenceAsked,
  source: string,
  silences: Iterable<Silence>,
  now: EpochMs,
): string => {
  const like = [...silences].filter(isLike(asked));
  const [first] = like;
  if (first === undefined) {
    const over =
      Date.parse(asked.endsAt) < now ? '; it would be over by now, and may be forgotten' : '';
    return plainText(
      `${source} has no such silence, by creator, matchers, comment and start${over}`,
    );
  }
  const ids = like.map((s) => `${s.id} (${stateText(s)})`);
  return like.length === 1
    ? plainText(`${source} has it, as it was asked for: silence ${ids[0]}`)
    : plainText(`${source} has ${like.length} like it: ${ids.join(', ')}`);
};

/** What an Alertmanager has of a silence that was to be ended. */
export const endedText = (id: string, source: string, silences: Iterable<Silence>): string => {
  const silence = [...silences].find((s) => s.id === id);
  if (silence === undefined) return plainText(`${source} knows of no silence ${id} any more`);
  const asked = silence.state === 'expired' ? ', as it was asked for' : ', not as it was asked for';
  return plainText(`silence ${id} at ${source}: ${stateText(silence)}${asked}`);
};
