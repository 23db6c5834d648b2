import { z } from 'zod';
import { epochMs } from '../../kernel/units.ts';
import { type LogLine, longestLine } from './log-splitter.ts';

/** Times are nanoseconds since 1970, as decimal text. Newer servers may add metadata behind the line. */
const value = z.tuple([z.string().regex(/^\d{1,20}$/), z.string()], z.unknown());

export const lokiAnswer = z.object({
  status: z.literal('success'),
  data: z.discriminatedUnion('resultType', [
    z.object({
      resultType: z.literal('streams'),
      result: z.array(
        z.object({ stream: z.record(z.string(), z.string()), values: z.array(value) }),
      ),
    }),
    z.object({ resultType: z.enum(['matrix', 'vector', 'scalar']) }),
  ]),
});

/** A line, and its time to the nanosecond. */
export interface LokiLine {
  readonly nanos: bigint;
  readonly line: LogLine;
}

const labelled = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, text]) => `${key}=${text}`)
    .join(',');

/** `namespace/pod/container` where the labels tell them, as those of the usual agents do; else all labels. */
export const sourceOf = (labels: Readonly<Record<string, string>>): string => {
  const { namespace, pod, container } = labels;
  return namespace === undefined || pod === undefined || container === undefined
    ? labelled(labels)
    : `${namespace}/${pod}/${container}`;
};

const million = 1_000_000n;
/** Later than that no date can be written. */
const lastMs = 8_640_000_000_000_000n;

const stampOf = (nanos: bigint): string => {
  const at = new Date(Number(nanos / million)).toISOString();
  return at.replace('Z', `${String(nanos % million).padStart(6, '0')}Z`);
};

const lineOf = (source: string, nanos: bigint, text: string): LogLine => ({
  kind: 'line',
  source,
  stamp: stampOf(nanos),
  at: epochMs(Number(nanos / million)),
  text:
    text.length > longestLine ? text.slice(0, longestLine).replace(/[\ud800-\udbff]$/, '') : text,
  cut: text.length > longestLine,
});

/** All lines of an answer, oldest first; null when it is no answer to a question for lines. */
export const lokiLines = (json: unknown): readonly LokiLine[] | null => {
  const parsed = lokiAnswer.safeParse(json);
  if (!parsed.success || parsed.data.data.resultType !== 'streams') return null;
  return parsed.data.data.result
    .flatMap(({ stream, values }) => {
      const source = sourceOf(stream);
      return values
        .map(([at, text]) => ({ nanos: BigInt(at), text: text.replace(/\r?\n$/, '') }))
        .filter(({ nanos }) => nanos / million <= lastMs)
        .map(({ nanos, text }) => ({ nanos, line: lineOf(source, nanos, text) }));
    })
    .sort((a, b) => (a.nanos < b.nanos ? -1 : a.nanos > b.nanos ? 1 : 0));
};
