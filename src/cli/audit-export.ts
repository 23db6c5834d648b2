import type { ActFact } from '../kernel/act-fact.ts';
import { plainText } from '../kernel/text.ts';
import type { AuditEntry, AuditWish } from './audit-entries.ts';
import { entriesIn } from './audit-show.ts';
import { auditWords } from './audit-words.ts';
import type { Io } from './io.ts';

export type AuditFormat = 'jsonl' | 'csv' | 'markdown';

export interface ExportAudit {
  readonly path: string;
  readonly wish: AuditWish;
  readonly format: AuditFormat;
  readonly io: Pick<Io, 'out' | 'err'>;
}

const couldNot = 2;

const time = (at: number): string => new Date(at).toISOString();

const jsonLine = (fact: ActFact): string => `${JSON.stringify({ time: time(fact.at), ...fact })}\n`;

/** One cell of RFC 4180. A spreadsheet takes what begins with these for a formula, and computes it. */
const csvCell = (text: string): string => {
  const inert = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
};

const csvRow = (cells: readonly string[]): string => `${cells.map(csvCell).join(',')}\r\n`;

const csvOf = (entry: AuditEntry): string => {
  const [context, action, title, requests] =
    entry.kind === 'act'
      ? [
          entry.act.asked.context,
          entry.act.asked.action,
          entry.act.asked.title,
          entry.act.asked.requests.join('; '),
        ]
      : [entry.fact.context, '', '', ''];
  return entry.facts
    .map((f) =>
      csvRow([
        time(f.at),
        f.by,
        context,
        f.act,
        f.kind,
        action,
        title,
        plainText(auditWords(f)),
        f.kind === 'asked' ? requests : '',
      ]),
    )
    .join('');
};

const csvHead = csvRow([
  'time',
  'by',
  'context',
  'act',
  'fact',
  'action',
  'title',
  'text',
  'requests',
]);

/** Text that stays text in Markdown. */
const inMarkdown = (text: string): string => plainText(text).replace(/[\\`*_[\]<>|#~]/g, '\\$&');

/** Code that holds any run of backticks. */
const code = (text: string): string => {
  const runs = [...text.matchAll(/`+/g)].map(([run]) => run.length);
  const fence = '`'.repeat(Math.max(0, ...runs) + 1);
  return fence.length === 1 ? `\`${text}\`` : `${fence} ${text} ${fence}`;
};

const clockOf = (at: number): string => `${time(at).slice(0, 19).replace('T', ' ')} UTC`;

const markdownOf = (entry: AuditEntry): string => {
  const told = entry.facts.map(
    (f) => `- ${time(f.at).slice(11, 19)} ${inMarkdown(`${f.by}: ${auditWords(f)}`)}`,
  );
  const [first] = entry.facts;
  const when = clockOf(first?.at ?? 0);
  if (entry.kind === 'other') return `## ${when}\n\n${told.join('\n')}\n\n`;
  const { title, context, digest, requests, run, task } = entry.act.asked;
  return [
    `## ${when}: ${inMarkdown(title)}`,
    '',
    `On ${inMarkdown(context)}, plan ${code(digest)}${run === '' ? '' : `, task ${inMarkdown(task)} of run ${inMarkdown(run)}`}:`,
    '',
    ...requests.map((r, n) => `${n + 1}. ${code(plainText(r))}`),
    '',
    ...told,
    '',
    '',
  ].join('\n');
};

/** Everything of whole acts, for other programs, for a spreadsheet, or for a report. 0, or 2 when it cannot be read. */
export const exportAudit = async ({ path, wish, format, io }: ExportAudit): Promise<number> => {
  const entries = await entriesIn(path, wish, io);
  if (entries === null) return couldNot;
  switch (format) {
    case 'jsonl':
      for (const { facts } of entries) io.out(facts.map(jsonLine).join(''));
      break;
    case 'csv':
      io.out(csvHead);
      for (const entry of entries) io.out(csvOf(entry));
      break;
    case 'markdown':
      io.out('# What was done\n\n');
      for (const entry of entries) io.out(markdownOf(entry));
      break;
  }
  return 0;
};
