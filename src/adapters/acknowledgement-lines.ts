import { type Acknowledgement, acknowledgementSchema } from '../kernel/acknowledgement.ts';
import { cleanText } from '../kernel/redact.ts';
import { clip, type PlainText, plainText } from '../kernel/text.ts';
import { jsonLines } from './json-lines.ts';

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

export const acknowledgementLines = jsonLines(acknowledgementSchema, cleaned);
