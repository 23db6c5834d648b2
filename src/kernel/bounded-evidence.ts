import { type Evidence, evidenceKept, evidenceLine, evidenceLines } from './run-fact.ts';
import { clip, type PlainText } from './text.ts';

const encoder = new TextEncoder();
const bytesOf = (text: string): number => encoder.encode(text).length;

/** Lines from the beginning, as many as fit; each within its bound. */
const boundedLines = (
  lines: readonly string[],
): { readonly lines: readonly string[]; readonly cut: boolean } => {
  const kept: string[] = [];
  let left: number = evidenceKept;
  let cut = false;
  for (const line of lines) {
    const short = clip(line as PlainText, evidenceLine);
    left -= bytesOf(short) + 1;
    if (left < 0 || kept.length >= evidenceLines) return { lines: kept, cut: true };
    cut ||= short.length < line.length;
    kept.push(short);
  }
  return cut ? { lines: kept, cut } : { lines, cut };
};

const textOf = (data: unknown): string | null => {
  try {
    return JSON.stringify(data) ?? null;
  } catch {
    return null;
  }
};

/** Evidence within its bounds, the same object when it is: text is cut at its end, data are left out whole. It says so where something is missing. */
export const boundedEvidence = (evidence: Evidence): Evidence => {
  const { lines, cut } = boundedLines(evidence.lines);
  const text = evidence.data === null ? 'null' : textOf(evidence.data);
  const tooMuch = text === null || bytesOf(text) > evidenceKept;
  const values = evidence.values.filter(Number.isFinite).slice(0, 100);
  const fewer = values.length < evidence.values.length;
  if (!cut && !tooMuch && !fewer) return evidence;
  return { ...evidence, lines, data: tooMuch ? null : evidence.data, values, truncated: true };
};
