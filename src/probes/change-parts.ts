import type { Change, Tone } from '../kernel/probe.ts';

/** One part of what changed between two versions of an object. */
export type Part = Pick<Change, 'tone' | 'text'>;

const severity: Readonly<Record<Tone, number>> = { bad: 3, warn: 2, good: 1, info: 0 };

/** One line out of all that changed at once: the worst first, with the tone of the worst; null when nothing did. */
export const joinParts = (parts: readonly (Part | null)[]): Part | null => {
  const all = parts.filter((p) => p !== null).sort((a, b) => severity[b.tone] - severity[a.tone]);
  const first = all[0];
  return first === undefined ? null : { tone: first.tone, text: all.map((p) => p.text).join(', ') };
};

export const part = (tone: Tone, text: string): Part => ({ tone, text });

/** `text: detail`, or the text alone when there is no detail. */
export const withDetail = (text: string, detail: string): string =>
  detail === '' ? text : `${text}: ${detail}`;
