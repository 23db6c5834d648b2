import { absurd } from '../kernel/absurd.ts';
import type { ActFact } from '../kernel/act-fact.ts';
import { failureText } from '../kernel/failure.ts';

type Judged = Extract<ActFact, { kind: 'judged' }>;
type Ended = Extract<ActFact, { kind: 'ended' }>;

const time = (at: number): string => new Date(at).toISOString();

const judgedWords = ({ stage, outcome, reasons }: Judged): string => {
  const said = reasons.map((r) => `${r.guard}: ${r.why}`).join('; ');
  const again = stage === 'last' ? ' again' : '';
  return `judged${again}: ${outcome}${said === '' ? '' : ` (${said})`}`;
};

const endedWords = ({ result }: Ended): string => {
  switch (result.kind) {
    case 'done':
      return `done: ${result.text}`;
    case 'failed':
      return `failed: ${failureText(result.failure)}`;
    case 'unknown':
      return `unknown: ${result.why}`;
    default:
      return absurd(result);
  }
};

/** One fact of an audit as a clause, without who and when. */
export const auditWords = (fact: ActFact): string => {
  switch (fact.kind) {
    case 'opened': {
      const as = fact.identity === '' ? '' : ` as ${fact.identity}`;
      const through = fact.through === '' ? '' : `, ${fact.through}`;
      return `opened a ${fact.mode} door to ${fact.context}${as}${through}`;
    }
    case 'asked':
      return `asked for, from a ${fact.origin}`;
    case 'judged':
      return judgedWords(fact);
    case 'confirmed': {
      const how = fact.how.length === 0 ? 'needs no agreement' : `agreed by ${fact.how.join(', ')}`;
      const why = fact.reason === '' ? '' : `: ${fact.reason}`;
      return `${how}${fact.approvedBy === '' ? '' : `, with ${fact.approvedBy}`}${why}`;
    }
    case 'declined':
      return `not done: ${fact.why}`;
    case 'started':
      return fact.process === '' ? 'started' : `started by process ${fact.process}`;
    case 'progress':
      return fact.text;
    case 'ended':
      return endedWords(fact);
    case 'reconciled':
      return `looked after later: ${fact.text}`;
    case 'glass-broken':
      return `broke the glass of ${fact.context} until ${time(fact.until)}: ${fact.reason} (${fact.ticket})`;
    case 'glass-mended':
      return `mended the glass of ${fact.context}: ${fact.why}`;
    case 'approved':
      return `agreed to plan ${fact.digest} on ${fact.context} until ${time(fact.until)}`;
    default:
      return absurd(fact);
  }
};
