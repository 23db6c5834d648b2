import { z } from 'zod';
import { type Bytes, kib } from './units.ts';

/** Of what a step has brought, this much text is kept, and as much again of its data. */
export const evidenceKept: Bytes = kib(64);
/** Characters of one line, and lines of one piece of evidence. */
export const evidenceLine = 4000;
export const evidenceLines = 5000;
/** More steps than this nobody goes in one run, loops included. */
export const visitsKept = 500;

const name = z.string().max(1000);
const words = z.string().max(2000);
const count = z.number().nonnegative();
/** SHA-256 in hexadecimal digits of the text of a runbook. */
const hash = z.string().max(64);

/** Which runbook a run follows. The text of that hash is kept beside the runs, so that it can be followed to its end. */
export const runbookRefSchema = z.object({
  /** By which it is found again. */
  path: name,
  title: name,
  hash,
});
export type RunbookRef = Readonly<z.infer<typeof runbookRefSchema>>;

/** The alert that a run is about, as it was when the run began. */
export const runAlertSchema = z.object({
  fingerprint: name,
  name,
  labels: z.record(z.string(), words).readonly(),
  annotations: z.record(z.string(), words).readonly(),
});
export type RunAlert = Readonly<z.infer<typeof runAlertSchema>>;

/** What a task of a step has brought. Everything in it is printable, and without what looks like a secret. */
export const evidenceSchema = z.object({
  /** Id of the task in the runbook. */
  task: name,
  /** What was asked, in words: `GET /api/v1/query up` */
  asked: words,
  /** Lines of text, at most `evidenceKept` bytes of them. */
  lines: z.array(z.string().max(evidenceLine)).max(evidenceLines).readonly(),
  /** JSON-safe, for rules; null when there is none, or when it would be larger than `evidenceKept`. */
  data: z.unknown(),
  /** Numbers that a query has brought, for rules; at most 100. */
  values: z.array(z.number()).max(100).readonly(),
  exit: z.enum(['ok', 'failed']),
  /** Milliseconds. */
  took: count,
  /** Something of the text or of the data was left out. */
  truncated: z.boolean(),
});
export type Evidence = Readonly<z.infer<typeof evidenceSchema>>;

/** Evidence as text, for rules and for copying. */
export const evidenceText = ({ lines }: Pick<Evidence, 'lines'>): string => lines.join('\n');

/** Id of the run, when in epoch milliseconds, and who did it. */
const said = { run: z.string().max(64), at: z.number(), by: z.string().max(200) };
/** Number of the visit that it is about, from 1; what comes late for a visit that was left is passed over. */
const about = { ...said, visit: count };

/**
 * What happens in a run of a runbook. A run is a row of visits to steps; the last of them is where it stands. Several
 * programs may write at the same time: of two facts that exclude each other, the first in the file counts.
 */
export const runFactSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('started'),
    ...said,
    runbook: runbookRefSchema,
    alert: runAlertSchema.nullable(),
  }),
  /** The step of visit number `visit`, which must be the next one. It ends the visit before it. */
  z.object({
    kind: z.literal('entered'),
    ...about,
    step: name,
    title: name,
    /** `next` in order, `branch` as was chosen, `again` the same step once more, `jump` anywhere else. */
    way: z.enum(['start', 'next', 'branch', 'again', 'jump']),
  }),
  z.object({ kind: z.literal('output'), ...about, evidence: evidenceSchema }),
  /** A way out is chosen; `entered` follows. */
  z.object({
    kind: z.literal('chosen'),
    ...about,
    to: name,
    label: name,
    /** Index in the edges of the chart; null without one. */
    edge: count.nullable(),
    /** Whether a rule had suggested it; `none` where no rule did. */
    suggested: z.enum(['yes', 'no', 'none']),
    /** Why a rule suggested it, or what it had suggested instead. */
    why: words,
  }),
  /** A task that a person does, or an item of a checklist; `item` counts from 0. */
  z.object({ kind: z.literal('ticked'), ...about, task: name, item: count, done: z.boolean() }),
  z.object({ kind: z.literal('skipped'), ...about, reason: words }),
  z.object({ kind: z.literal('note'), ...said, text: words }),
  /** Look again at `until`, epoch milliseconds. One timer per visit: a newer one replaces it. */
  z.object({ kind: z.literal('timer'), ...about, until: z.number(), why: words }),
  z.object({ kind: z.literal('timerEnded'), ...about }),
  /** A parameter is given its value by a person. */
  z.object({ kind: z.literal('value'), ...said, name, value: words }),
  /** The file is another one now; the run goes on with the text it began with. */
  z.object({ kind: z.literal('kept'), ...said, instead: hash }),
  /** The file is another one now; the run goes on with the new text. */
  z.object({ kind: z.literal('adopted'), ...said, runbook: runbookRefSchema }),
  z.object({ kind: z.literal('done'), ...said, note: words }),
  z.object({ kind: z.literal('abandoned'), ...said, reason: words }),
]);
export type RunFact = Readonly<z.infer<typeof runFactSchema>>;
export type RunFactKind = RunFact['kind'];
