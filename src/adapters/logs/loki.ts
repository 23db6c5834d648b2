import type { EffectRequest } from '../../kernel/act.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { EffectPorts, LogNote } from '../../kernel/effect-ports.ts';
import { type Failure, failed, failure, ok, type Result } from '../../kernel/failure.ts';
import type { SourceTarget } from '../../kernel/source-target.ts';
import { type Bytes, bytes, type EpochMs, epochMs, mib, seconds } from '../../kernel/units.ts';
import { askText, parsedJson } from '../http/ask-text.ts';
import type { HttpRequest, HttpSource } from '../http/http-source.ts';
import { clockText } from './log-asked.ts';
import { type LokiLine, lokiLines } from './loki-answer.ts';
import { lokiRange } from './loki-guard.ts';

export interface LokiDeps {
  readonly targets: readonly SourceTarget[];
  /** Requests to one of them, with the guard of Loki. */
  readonly open: (target: SourceTarget) => HttpSource;
  readonly clock: Pick<Clock, 'now'>;
}

type LokiRequest = Extract<EffectRequest, { kind: 'loki' }>;

/** Below what a Loki allows at once unless it is told otherwise. */
const page = 1000;
/** A query over hours of a busy namespace takes long; its server gives up after about as long. */
const within = seconds(60);
/** Of all answers together: lines wait until the oldest has come. */
const bytesMost = mib(32);

/** The only request that there is. `end` is exclusive; the newest lines of the span come first. */
export const lokiPath = (query: string, start: bigint, end: bigint, limit: number): string => {
  const asked = { query, start: String(start), end: String(end), limit: String(limit) };
  return `${lokiRange}?${new URLSearchParams({ ...asked, direction: 'backward' })}`;
};

const nanosOf = (at: EpochMs): bigint => BigInt(Math.max(0, Math.floor(at))) * 1_000_000n;

const ownKey = (key: string, name: string): string =>
  `set ${key} of ${name} under loki in the configuration`;

/** What a Loki says of tenants names a header; what a person can set is a key. */
const tenantFailure = (why: Failure, { name, tenant }: SourceTarget): Failure | null => {
  if (!/\borg id|\btenant\b/i.test(why.message)) return null;
  if (tenant !== undefined) {
    return { ...why, hint: `${ownKey('tenant', name)} to one that it takes; now it is ${tenant}` };
  }
  const message = 'it keeps the logs of several tenants, and asks whose are meant';
  return { ...why, kind: 'misconfigured', message, hint: ownKey('tenant', name) };
};

const lokiFailure = (given: Failure, target: SourceTarget): Failure => {
  const why = tenantFailure(given, target) ?? given;
  const hint = why.hint?.includes('--alertmanager') ? ownKey('url', target.name) : why.hint;
  const { hint: _, ...rest } = why;
  return { ...rest, op: 'ask Loki', on: target.name, ...(hint === undefined ? {} : { hint }) };
};

/** A tenant that nobody has ever written as is no error to a Loki: it has no lines, as one that wrote none. */
const countText = (count: number, { tenant }: SourceTarget): string => {
  const lines = `${count} line${count === 1 ? '' : 's'}`;
  if (tenant === undefined) return lines;
  const doubt = count === 0 ? '; is that the tenant under loki in the configuration?' : '';
  return `${lines} of tenant ${tenant}${doubt}`;
};

interface Reading {
  /** Newest page first, each in the order of time. */
  readonly pages: readonly (readonly LokiLine[])[];
  readonly bytes: number;
  /** Why older lines are left out; null when none are. */
  readonly cut: string | null;
}

const readPages = async (
  http: HttpSource,
  { query, from, to, lines }: LokiRequest,
  clock: Pick<Clock, 'now'>,
  signal: AbortSignal,
): Promise<Result<Reading>> => {
  const start = nanosOf(from);
  let end = nanosOf(to) + 1n;
  const pages: (readonly LokiLine[])[] = [];
  let read = 0;
  let left = lines;
  /** Lines of the oldest nanosecond so far: an answer may end among them, and they come again. */
  let again: readonly LokiLine[] = [];
  while (end > start) {
    const limit = Math.min(page, left + again.length);
    const answer = await askText(http, lokiPath(query, start, end, limit), clock, signal);
    if (!answer.ok) return answer;
    read += answer.value.text.length;
    const json = parsedJson(answer.value.text, lokiRange);
    if (!json.ok) return json;
    const all = lokiLines(json.value);
    if (all === null) {
      return failed(failure('undecodable', 'ask Loki', 'it answers, but not with lines of logs'));
    }
    const fresh = without(all, again);
    pages.push(fresh);
    left -= fresh.length;
    const oldest = all[0]?.nanos;
    if (all.length < limit || oldest === undefined) return ok({ pages, bytes: read, cut: null });
    if (left <= 0) return ok({ pages, bytes: read, cut: `the newest ${lines} lines` });
    if (read > bytesMost) return ok({ pages, bytes: read, cut: 'the newest 32 MiB' });
    if (fresh.length === 0) {
      return ok({ pages, bytes: read, cut: `lines from ${clockText(all[0]?.line.at ?? from)} on` });
    }
    again = all.filter((l) => l.nanos === oldest);
    end = oldest + 1n;
  }
  return ok({ pages, bytes: read, cut: null });
};

const keyOf = ({ nanos, line }: LokiLine): string => `${nanos} ${line.source} ${line.text}`;

/** Takes away, as often as they are there, lines that have come before. */
const without = (all: readonly LokiLine[], known: readonly LokiLine[]): readonly LokiLine[] => {
  if (known.length === 0) return all;
  const left = new Map<string, number>();
  for (const line of known) left.set(keyOf(line), (left.get(keyOf(line)) ?? 0) + 1);
  return all.filter((line) => {
    const times = left.get(keyOf(line)) ?? 0;
    left.set(keyOf(line), times - 1);
    return times <= 0;
  });
};

/** The port that asks a Loki for a span of time; '' is the first that is configured. */
export const readLoki =
  ({ targets, open, clock }: LokiDeps): EffectPorts['loki'] =>
  async (request, emit, signal): Promise<Result<Bytes>> => {
    const { source } = request;
    const target = targets.find((t) => source === '' || t.name === source);
    if (target === undefined) {
      const names = targets.map((t) => t.name).join(', ');
      const hint = names === '' ? 'name one under loki in the configuration' : `there is ${names}`;
      const why = source === '' ? 'no Loki is configured' : `there is no Loki ${source}`;
      return failed(failure('misconfigured', 'ask Loki', why, { hint }));
    }
    const http = open(target);
    const whose = target.tenant === undefined ? {} : { tenant: target.tenant };
    const patient: HttpSource = {
      where: http.where,
      request: (r: HttpRequest, until) =>
        http.request({ ...r, ...whose, timeout: within, limit: bytesMost }, until),
      close: () => http.close(),
    };
    try {
      const read = await readPages(patient, request, clock, signal);
      if (!read.ok) return failed(lokiFailure(read.failure, target));
      const { pages, cut } = read.value;
      const note = (kind: LogNote, text: string, at: EpochMs) =>
        emit([{ kind: 'note', source: '', at, note: kind, text: `${target.name}: ${text}` }]);
      const first = pages.at(-1)?.[0]?.line.at ?? request.from;
      if (cut !== null) note('truncated', `${cut} only; older ones are left out`, first);
      for (const lines of pages.toReversed()) emit(lines.map((l) => l.line));
      const count = pages.reduce((n, p) => n + p.length, 0);
      note('complete', countText(count, target), epochMs(request.to));
      return ok(bytes(read.value.bytes));
    } finally {
      await http.close();
    }
  };
