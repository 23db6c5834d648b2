import type { EpochMs } from '../kernel/units.ts';
import { linkKey } from './control-plane-problem.ts';
import { type Evidence, type Unasked, withinText } from './evidence.ts';
import type { Counts, Finding, Verdict } from './finding.ts';
import { ageText, countText, some } from './words.ts';

/** What the sentence is made of. */
export interface Known {
  readonly findings: readonly Finding[];
  readonly counts: Counts;
  /** Alerts that no finding explains, by severity. */
  readonly unexplained: { readonly critical: number; readonly warning: number };
  readonly unasked: readonly Unasked[];
}

export const verdictOf = (
  known: Known,
  evidence: Evidence,
  within: readonly string[] | null,
  now: EpochMs,
): Verdict => {
  const found = foundText(known, withinText(within));
  const missing = evidence.filter(([, t]) => t.kind === 'unknown');
  const loading = missing.filter(([, t]) => t.kind === 'unknown' && t.loading);
  if (missing.length > 0 && loading.length === missing.length) {
    const text = `loading: ${some(known.counts.pods.all, 'pod')}`;
    return { tone: found.tone === 'bad' ? 'bad' : 'unknown', text: join(found, text) };
  }
  if (missing.length > 0) {
    return {
      tone: found.tone === 'bad' ? 'bad' : 'unknown',
      text: join(found, `could not tell: ${missingText(missing, evidence.length)}`),
    };
  }
  const silent = known.findings.some((f) => f.key === linkKey);
  const old = evidence.flatMap(([, t]) => (t.kind === 'stale' ? [t.heard] : []));
  if (old.length > 0) {
    const age = ageText(now - Math.min(...old));
    const text = `last known ${age} ago: ${found.text}`;
    return silent
      ? { tone: 'bad', text: `API server does not answer; ${age} ago: ${found.text}` }
      : { tone: 'stale', text };
  }
  if (known.unasked.length === 0) return { tone: found.tone, text: found.text };
  return {
    tone: found.tone === 'bad' ? 'bad' : 'unknown',
    text: `${found.text}; ${unaskedText(known.unasked)}`,
  };
};

/** `etcd payments cannot be asked: no certificates`; each reason once. */
const unaskedText = (unasked: readonly Unasked[]): string =>
  [...Map.groupBy(unasked, ({ why }) => why)]
    .map(([why, which]) => `${which.map((u) => u.what).join(', ')} cannot be asked: ${why}`)
    .join('; ');

/** `pods forbidden`, `nodes, pods forbidden`; the reason alone when it is the same for everything. */
const missingText = (missing: Evidence, all: number): string => {
  const reasons = Map.groupBy(missing, ([, t]) => (t.kind === 'unknown' ? t.why : ''));
  if (reasons.size === 1 && missing.length === all) return [...reasons.keys()].join('');
  return [...reasons]
    .map(([why, which]) => `${which.map(([name]) => name).join(', ')} ${why}`)
    .join('; ');
};

interface Found {
  readonly tone: 'bad' | 'warn' | 'good';
  readonly text: string;
}

/** What is broken goes before what is not known; that nothing is seen to be broken is then not worth a word. */
const join = (found: Found, what: string): string =>
  found.tone === 'good' ? what : `${found.text}; ${what}`;

/** Alerts in words; '' when there are none. */
const alertsText = ({ critical, warning }: Known['unexplained']): string => {
  if (critical > 0) return `${some(critical, 'critical alert')} unexplained`;
  return warning > 0 ? `${some(warning, 'alert')} unexplained` : '';
};

const foundText = (known: Known, where: string): Found => {
  const { findings, counts, unexplained } = known;
  const own = findings.filter((f) => f.subsystem !== 'alerts');
  // What hangs under a cause is not one more thing that is broken.
  const causes = own.filter((f) => f.under === null && f.key !== linkKey);
  const bad = causes.filter((f) => f.tone === 'bad');
  const parts = (first: string): string => {
    const down = counts.pods.unwell;
    const pods = down === 0 ? '' : `${some(down, 'pod')} not ready`;
    return [first, pods, alertsText(unexplained)].filter((t) => t !== '').join(', ');
  };
  if (bad.length > 0) {
    const under = new Set(own.map((f) => f.under));
    // With something that hangs under one of them it is worth saying that they are not all there is.
    const what = bad.some((f) => under.has(f.key))
      ? some(bad.length, 'cause')
      : `${countText(bad.length)} broken`;
    return { tone: 'bad', text: parts(`${what}${where}`) };
  }
  const nothing = `nothing down${where}`;
  const look = causes.length;
  const first = look > 0 ? `${nothing}, ${countText(look)} to look at` : nothing;
  if (unexplained.critical > 0) return { tone: 'bad', text: parts(first) };
  if (look > 0 || unexplained.warning > 0) return { tone: 'warn', text: parts(first) };
  return { tone: 'good', text: `nothing broken${where}` };
};
