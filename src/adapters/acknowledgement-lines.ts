import { type Acknowledgement, acknowledgementSchema } from '../kernel/acknowledgement.ts';
import { cleanText } from '../kernel/redact.ts';
import { clip, type PlainText, plainText } from '../kernel/text.ts';

const lineEnd = 0x0a;

const clean = (text: string, max: number): string => clip(cleanText(text) as PlainText, max);

/** The same within its bounds, printable, and without what looks like a secret. */
const cleaned = (a: Acknowledgement): Acknowledgement => ({
  fingerprint: clip(plainText(a.fingerprint), 1000),
  name: clean(a.name, 1000),
  at: a.at,
  by: clean(a.by, 200),
  note: clean(a.note, 2000),
  withdrawn: a.withdrawn,
});

/**
 * One acknowledgement as bytes to be appended. The line end before it keeps it whole where somebody was killed within
 * a line; empty lines mean nothing.
 */
export const acknowledgementLine = (a: Acknowledgement): Buffer =>
  Buffer.from(`\n${JSON.stringify(cleaned(a))}\n`);

/** What whole lines hold, in their order. A line that is torn, or of another program, is passed over. */
const readLines = (text: string): readonly Acknowledgement[] =>
  text.split('\n').flatMap((line) => {
    if (line === '') return [];
    try {
      const parsed = acknowledgementSchema.safeParse(JSON.parse(line));
      return parsed.success ? [cleaned(parsed.data)] : [];
    } catch {
      return [];
    }
  });

export interface ReadAcknowledgements {
  readonly all: readonly Acknowledgement[];
  /** Bytes up to the end of the last whole line. What follows is still being written, or torn. */
  readonly length: number;
}

/** Reads bytes that begin at a line, or anywhere in one when `within`: then from the next line on. */
export const readAcknowledgements = (bytes: Buffer, within: boolean): ReadAcknowledgements => {
  const length = bytes.lastIndexOf(lineEnd) + 1;
  const start = within ? bytes.indexOf(lineEnd) + 1 : 0;
  return { all: readLines(bytes.toString('utf8', start, length)), length };
};
