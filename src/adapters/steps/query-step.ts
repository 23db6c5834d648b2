import { z } from 'zod';
import type { Clock } from '../../kernel/clock.ts';
import { type Failure, failure } from '../../kernel/failure.ts';
import { type Bytes, type Milliseconds, mib, seconds } from '../../kernel/units.ts';
import { askText, parsedJson } from '../http/ask-text.ts';
import type { HttpRequest, HttpSource } from '../http/http-source.ts';
import { type Brought, brought, broughtFailure, tookSince } from './brought.ts';
import { tableLines } from './table-lines.ts';

export interface QueryRequest {
  readonly promql: string;
  /** A range that ends now; null is the present moment. */
  readonly over: Milliseconds | null;
}

/** The server gives up after this; so do we, a little later. */
const serverWithin: Milliseconds = seconds(10);
const within: Milliseconds = seconds(12);
const largest: Bytes = mib(1);
/** Series that are shown, and asked for. */
const seriesMost = 100;
const longest = 8000;
/** Points of a range, so that an answer stays small. */
const points = 60;
const rangeMost: Milliseconds = seconds(7 * 24 * 3600);

/** Prometheus writes numbers as text: they may be NaN and Inf. */
const point = z.tuple([z.number(), z.string()]);
const series = z.object({ metric: z.record(z.string(), z.string()) });
const answerSchema = z.object({
  status: z.literal('success'),
  warnings: z.array(z.string()).optional(),
  data: z.discriminatedUnion('resultType', [
    z.object({
      resultType: z.literal('vector'),
      result: z.array(series.extend({ value: point.optional() })),
    }),
    z.object({
      resultType: z.literal('matrix'),
      result: z.array(series.extend({ values: z.array(point).optional() })),
    }),
    z.object({ resultType: z.enum(['scalar', 'string']), result: point }),
  ]),
});
type Answer = z.infer<typeof answerSchema>;

/** The only requests that there are for a query: both read. */
export const queryPath = ({ promql, over }: QueryRequest, now: number): string => {
  const common = `query=${encodeURIComponent(promql)}&timeout=${serverWithin / 1000}s&limit=${seriesMost + 1}`;
  if (over === null) return `/api/v1/query?${common}`;
  const range = Math.min(over, rangeMost);
  const end = (now / 1000).toFixed(3);
  const start = ((now - range) / 1000).toFixed(3);
  const step = Math.max(1, Math.ceil(range / 1000 / points));
  return `/api/v1/query_range?${common}&start=${start}&end=${end}&step=${step}`;
};

const unfit = (promql: string): Failure | null => {
  const wrong = (message: string): Failure => failure('misconfigured', 'query', message);
  if (promql.trim() === '') return wrong('the query is empty');
  return promql.length > longest ? wrong(`the query is longer than ${longest} characters`) : null;
};

const nameOf = ({ __name__: name = '', ...labels }: Readonly<Record<string, string>>): string => {
  const inner = Object.entries(labels).map(([k, v]) => `${k}=${JSON.stringify(v)}`);
  return inner.length === 0 && name !== '' ? name : `${name}{${inner.join(', ')}}`;
};

interface Row {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Newest value as text. */
  readonly last: string;
  readonly first: string;
}

const rowsOf = ({ data }: Answer): readonly Row[] => {
  switch (data.resultType) {
    case 'vector':
      return data.result.map(({ metric, value }) => {
        const last = value?.[1] ?? '';
        return { name: nameOf(metric), labels: metric, last, first: '' };
      });
    case 'matrix':
      return data.result.map(({ metric, values }) => ({
        name: nameOf(metric),
        labels: metric,
        last: values?.at(-1)?.[1] ?? '',
        first: values?.[0]?.[1] ?? '',
      }));
    default:
      return [{ name: data.resultType, labels: {}, last: data.result[1], first: '' }];
  }
};

const report = (answer: Answer, asked: string, took: number): Brought => {
  const all = rowsOf(answer);
  const rows = all.slice(0, seriesMost);
  const range = answer.data.resultType === 'matrix';
  const head = range ? ['FIRST', 'LAST', 'SERIES'] : ['VALUE', 'SERIES'];
  const table = tableLines(
    head,
    rows.map(({ name, first, last }) => (range ? [first, last, name] : [last, name])),
  );
  const cut = all.length > rows.length;
  const lines = [
    ...(rows.length === 0 ? ['no series: nothing fits the query now'] : table),
    ...(cut ? [`more than ${seriesMost} series; the others are left out`] : []),
    ...(answer.warnings ?? []).slice(0, 5).map((w) => `warning: ${w}`),
  ];
  const values = rows.map(({ last }) => (last === '' ? Number.NaN : Number(last)));
  return brought({
    asked,
    took,
    lines,
    data: rows.map(({ labels, last }) => ({ metric: labels, value: last })),
    values: values.filter(Number.isFinite),
    truncated: cut,
  });
};

/**
 * Asks a Prometheus one question. A GET within 12 s; the answer is at most 1 MiB and shown as a table of at most 100
 * series. What goes wrong is evidence too.
 */
export const queryStep = async (
  http: Pick<HttpSource, 'request' | 'where'>,
  clock: Pick<Clock, 'now'>,
  request: QueryRequest,
  signal: AbortSignal,
): Promise<Brought> => {
  const began = clock.now();
  const route = request.over === null ? '/api/v1/query' : '/api/v1/query_range';
  const asked = `GET ${http.where}${route}: ${request.promql}`;
  const wrong = unfit(request.promql);
  if (wrong !== null) return broughtFailure(asked, 0, wrong);
  const bounded: HttpSource = {
    where: http.where,
    request: (r: HttpRequest, until) =>
      http.request({ ...r, timeout: within, limit: largest }, until),
    close: () => Promise.resolve(),
  };
  const answer = await askText(bounded, queryPath(request, began), clock, signal);
  const took = tookSince(began, clock.now());
  if (!answer.ok) return broughtFailure(asked, took, answer.failure);
  const parsed = parsedJson(answer.value.text, route);
  if (!parsed.ok) return broughtFailure(asked, took, parsed.failure);
  const read = answerSchema.safeParse(parsed.value);
  return read.success
    ? report(read.data, asked, took)
    : broughtFailure(
        asked,
        took,
        failure('undecodable', 'query', 'it answers, but not as a Prometheus does'),
      );
};
