import type { EpochMs } from '../kernel/units.ts';
import type { Troubled } from './census.ts';
import { earliest, proofOf } from './facts.ts';
import type { Finding, Proof } from './finding.ts';
import { tellingWords } from './telling-words.ts';

/** Facts of at most so many pods are quoted; the rest is counted. */
const podsQuoted = 3;

/** Worst kind first, where as many pods have one as the other. */
const order = [
  'oom',
  'crash',
  'config',
  'image',
  'init',
  'unscheduled',
  'creating',
  'unready',
  'gate',
  'node-lost',
  'failed',
  'evicted',
  'terminating',
  'restarted',
];

export interface Summary {
  /** Of most of the pods, with how many when not all say the same. */
  readonly reason: string;
  /** The most common message, verbatim. */
  readonly detail: string;
  readonly since: EpochMs;
  readonly proof: readonly Proof[];
}

const mostCommon = (texts: readonly string[]): string => {
  const counts = new Map<string, number>();
  let best = '';
  for (const text of texts) {
    if (text === '') continue;
    const n = (counts.get(text) ?? 0) + 1;
    counts.set(text, n);
    if (n > (counts.get(best) ?? 0)) best = text;
  }
  return best;
};

/** What the troubled pods of one owner say together. At least one must be given. */
export const summarise = (troubled: readonly Troubled[]): Summary => {
  const byKind = new Map<string, Troubled[]>();
  // Those that should serve speak; remains and leavers only when there is nobody else.
  const counted = troubled.filter((t) => t.counted);
  const speaking = counted.length > 0 ? counted : troubled;
  for (const t of speaking) {
    const list = byKind.get(t.trouble.kind);
    if (list === undefined) byKind.set(t.trouble.kind, [t]);
    else list.push(t);
  }
  const [first, ...others] = [...byKind.values()].sort(
    (a, b) =>
      b.length - a.length ||
      order.indexOf(a[0]?.trouble.kind ?? '') - order.indexOf(b[0]?.trouble.kind ?? ''),
  );
  const main = first ?? [];
  const reason = mostCommon(main.map((t) => t.trouble.reason));
  const rest = others.reduce((n, list) => n + list.length, 0);
  return {
    reason: rest === 0 ? reason : `${reason} (${main.length} pods), ${rest} more otherwise`,
    detail: mostCommon(main.map((t) => t.trouble.detail)),
    since: earliest(speaking.map((t) => t.trouble.since)),
    proof: podProof(main, troubled.length),
  };
};

const quote = ({ pod, trouble }: Troubled): string => {
  const where = pod.node === '' ? '' : ` on ${pod.node}`;
  const status = trouble.reason.includes(pod.status) ? '' : `${pod.status}, `;
  const counts = `${pod.ready}/${pod.total} ready, restarts ${pod.restarts}`;
  return `${pod.name}${where}: ${status}${trouble.reason}; ${counts}`;
};

/** What the pod said, to the letter, where its message stands in other words; '' where it does not. */
const verbatim = ({ pod, trouble }: Troubled): string => {
  for (const c of pod.containers) {
    for (const said of [c.message, c.last?.message ?? '']) {
      if (said !== trouble.detail && said !== '' && tellingWords(said) === trouble.detail) {
        return `${pod.name} said: ${said}`;
      }
    }
  }
  return '';
};

const podProof = (main: readonly Troubled[], all: number): readonly Proof[] => [
  ...main.slice(0, podsQuoted).map((t) => proofOf('pods', quote(t), t.trouble.since)),
  ...main
    .slice(0, 1)
    .map(verbatim)
    .filter((text) => text !== '')
    .map((text) => proofOf('pods', text, 0)),
  ...(all > Math.min(podsQuoted, main.length)
    ? [proofOf('pods', `${all} pods of it are not well`, 0)]
    : []),
];

/** Readiness as a finding shows it; a surge may have more than it wants. */
export const readiness = (have: number, want: number): Finding['ready'] => ({
  have: Math.max(0, Math.min(have, want)),
  want,
});
