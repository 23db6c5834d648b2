import { absurd } from '../kernel/absurd.ts';
import type { ActFact, ToldAct } from '../kernel/act-fact.ts';
import type { Act } from '../kernel/acts.ts';
import { durationText } from '../kernel/duration.ts';
import { epochMs, milliseconds } from '../kernel/units.ts';
import { type Part, part, withDetail } from './change-parts.ts';
import { oneLine } from './one-line.ts';

const who = (fact: { readonly by: string }): string => oneLine(fact.by, 'somebody');

/** What became of an act, for the timeline; null for what is only of interest in the act itself. */
export const actNews = (before: Act | undefined, after: Act): Part | null => {
  const { state, asked } = after;
  if (before?.state.kind === state.kind) {
    const found = state.kind === 'unknown' ? oneLine(state.found) : '';
    return found === '' ? null : part('warn', `${titleOf(after)}: found now: ${found}`);
  }
  const title = titleOf(after);
  const changes = asked.effect !== 'read';
  switch (state.kind) {
    case 'asked':
    case 'judged':
    case 'confirmed':
      return null;
    case 'denied':
      return part('warn', withDetail(`${title} denied to ${who(asked)}`, oneLine(state.why)));
    case 'declined':
      return changes ? part('info', withDetail(`${title} not done`, oneLine(state.why))) : null;
    case 'running':
      return part(changes ? 'warn' : 'info', `${title}: started by ${who(asked)}`);
    case 'done':
      return changes ? part('good', `${title}: done, by ${who(asked)}`) : null;
    case 'failed':
      return part('bad', withDetail(`${title} failed`, oneLine(state.why)));
    case 'unknown': {
      const found = oneLine(state.found);
      const now = found === '' ? '' : `; found now: ${found}`;
      return part(
        'bad',
        `${withDetail(`${title}: nobody knows what came of it`, oneLine(state.why))}${now}`,
      );
    }
    default:
      return absurd(state);
  }
};

const titleOf = ({ asked }: Act): string => oneLine(asked.title, oneLine(asked.action, 'an act'));

export const glassNews = (fact: ToldAct<'glass-broken' | 'glass-mended'>): Part => {
  const where = oneLine(fact.context, 'a context without a name');
  if (fact.kind === 'glass-mended') {
    return part('info', withDetail(`glass of ${where} mended by ${who(fact)}`, oneLine(fact.why)));
  }
  const wait = durationText(milliseconds(Math.max(0, epochMs(fact.until) - fact.at)));
  const why = `${oneLine(fact.reason, 'no reason')} (${oneLine(fact.ticket, 'no ticket')})`;
  return part('bad', `glass of ${where} broken for ${wait} by ${who(fact)}: ${why}`);
};

export const approvalNews = (fact: ToldAct<'approved'>): Part =>
  part('info', `${who(fact)} agrees to plan ${oneLine(fact.digest, '?').slice(0, 12)}`);

/** A fact that is about one act, not about a program, the glass, or a plan by its digest. */
export const isOfAct = (
  fact: ActFact,
): fact is Exclude<ActFact, { kind: 'opened' | 'approved' | 'glass-broken' | 'glass-mended' }> =>
  fact.kind !== 'opened' &&
  fact.kind !== 'approved' &&
  fact.kind !== 'glass-broken' &&
  fact.kind !== 'glass-mended';
