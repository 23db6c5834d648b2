import { absurd } from '../../kernel/absurd.ts';
import type { Scope } from '../../kernel/fact.ts';
import { type Freshness, freshnessAt, type ScopedFreshness } from '../../kernel/freshness.ts';
import { clip, plainText } from '../../kernel/text.ts';
import type { EpochMs, Milliseconds } from '../../kernel/units.ts';
import type { Glyphs } from './glyphs.ts';
import { type Line, line, span } from './line.ts';
import { sign } from './tone.ts';
import { age, count, many } from './words.ts';
import { wrap } from './wrap.ts';

export interface Scoped {
  readonly scope: Scope;
  readonly freshness: Freshness;
}

/** What bears on a namespace, or on all of them: a scope of its own goes before that of the whole cluster. */
export const relevantScopes = (
  scopes: ScopedFreshness,
  namespace: string,
  now: EpochMs,
  patience: Milliseconds,
): readonly Scoped[] => {
  const all = [...scopes].map(([scope, f]) => ({
    scope,
    freshness: freshnessAt(f, now, patience),
  }));
  const whole = all.filter((s) => s.scope === '');
  if (whole.some((s) => s.freshness.kind === 'fresh')) return whole;
  const own = all.filter((s) => s.scope !== '' && (namespace === '' || s.scope === namespace));
  if (own.length === 0) return whole;
  // With namespaces that are read one by one, the refusal of the whole is how it came to that, not news.
  return own;
};

/** Enough to see what is wrong; a user with two hundred forbidden namespaces needs the rows more. */
const notesKept = 3;

/** What the rows lack, one line per cause, the gravest first; nothing when all is fresh. */
export const freshnessNotes = (
  title: string,
  scopes: readonly Scoped[],
  shown: number,
  now: EpochMs,
  glyphs: Glyphs,
): readonly Line[] => {
  if (scopes.length === 0 && shown > 0) {
    return [
      line(' ', sign('unknown', glyphs), span(` nothing is known of how old this is`, 'warn')),
    ];
  }
  const notes: { weight: number; note: Line }[] = [];
  const seen = new Map<string, number>();
  for (const { scope, freshness } of scopes) {
    const said = noteOf(title, freshness, shown, now);
    if (said === null) continue;
    const at = seen.get(said.text);
    const where = scope === '' ? '' : `${scope}: `;
    if (at !== undefined) {
      notes[at] = {
        weight: said.weight,
        note: line(notes[at]?.note ?? [], span(`, ${scope} too`, said.style)),
      };
      continue;
    }
    seen.set(said.text, notes.length);
    notes.push({
      weight: said.weight,
      note: line(' ', sign(said.tone, glyphs), span(` ${where}${said.text}`, said.style)),
    });
  }
  const sorted = notes.sort((a, b) => b.weight - a.weight).map((n) => n.note);
  if (sorted.length <= notesKept) return sorted;
  const rest = sorted.length - notesKept + 1;
  return [
    ...sorted.slice(0, notesKept - 1),
    line(' ', sign('warn', glyphs), span(` and ${many(rest, 'more namespace')} like that`, 'warn')),
  ];
};

const noteOf = (title: string, f: Freshness, shown: number, now: EpochMs) => {
  switch (f.kind) {
    case 'fresh':
      return null;
    case 'never':
      return {
        weight: 1,
        tone: 'progress',
        style: 'here',
        text: `loading ${title}${shown === 0 ? '' : `, ${count(shown)} so far`}`,
      } as const;
    case 'stale':
      return {
        weight: 2,
        tone: 'stale',
        style: 'warn',
        text: `last known, ${age(now - (f.heard ?? f.since))} old: ${f.why}`,
      } as const;
    case 'failing':
      return f.heard === null
        ? ({
            weight: 4,
            tone: 'warn',
            style: 'warn',
            text: `not shown, ${whyText(f.failure.kind)}: ${f.failure.message}`,
          } as const)
        : ({
            weight: 3,
            tone: 'stale',
            style: 'warn',
            text: `last known, ${age(now - f.heard)} old: ${f.failure.message}`,
          } as const);
    default:
      return absurd(f);
  }
};

const whyText = (kind: string): string =>
  kind === 'absent' ? 'not served' : kind === 'unauthorized' ? 'not logged in' : kind;

/** A server's message may be a page of HTML. */
const messageLines = 8;

/** Why nothing is there, when the source is the reason; null when it is not. */
export const blockedLines = (
  title: string,
  scopes: readonly Scoped[],
  glyphs: Glyphs,
  width: number,
): readonly Line[] | null => {
  if (scopes.length === 0) {
    return [
      line(' ', sign('progress', glyphs), ` loading ${title}`),
      line('   ', span('nothing has been heard from the cluster about them yet', 'dim')),
    ];
  }
  const failing = scopes.filter((s) => s.freshness.kind === 'failing');
  if (failing.length === scopes.length) {
    return failing.slice(0, 8).flatMap(({ scope, freshness: f }) => {
      if (f.kind !== 'failing') return [];
      const { kind, message, hint } = f.failure;
      const where = scope === '' ? '' : ` in ${scope}`;
      const [first = '', ...more] = wrap(
        clip(plainText(`${title}: ${whyText(kind)}${where}: ${message}`), width * messageLines),
        width - 3,
        messageLines,
      );
      return [
        line(' ', sign('bad', glyphs), ` ${first}`),
        ...more.map((text) => line(`   ${text}`)),
        ...(hint === undefined ? [] : [line('   ', span(hint, 'dim'))]),
      ];
    });
  }
  return scopes.some((s) => s.freshness.kind === 'never')
    ? [line(' ', sign('progress', glyphs), ` loading ${title}, 0 so far`)]
    : null;
};
