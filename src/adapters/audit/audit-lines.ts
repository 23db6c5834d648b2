import { z } from 'zod';
import { actFactSchema } from '../../kernel/act-fact.ts';
import { cleanse } from '../../kernel/redact.ts';
import { jsonLines } from '../json-lines.ts';

/** A record as far as its fact goes; whether the chain holds is for `verifyAudit` to say. */
const factOfRecord = z.object({ fact: actFactSchema }).transform(({ fact }) => fact);

/** Facts of the lines of an audit; other programs write there too, so that they are cleaned once more. */
export const auditLines = jsonLines(factOfRecord, (fact) => cleanse(fact).value);
