import { z } from 'zod';
import { failureSchema } from './failure.ts';

const name = z.string().max(1000);
const words = z.string().max(4000);
/** Id of the act, when in epoch milliseconds, and who, as `actorText` has it. */
const said = { act: z.string().max(64), at: z.number(), by: z.string().max(400) };

const subjectSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('object'),
    resource: name,
    namespace: name,
    name,
    uid: name.nullable(),
  }),
  z.object({ kind: z.literal('etcd'), cluster: name, member: name }),
  z.object({ kind: z.literal('alerts'), cluster: name }),
]);

export const reasonSchema = z.object({
  guard: name,
  kind: z.enum(['allow', 'ask', 'deny']),
  why: words,
});
export type ToldReason = Readonly<z.infer<typeof reasonSchema>>;

const resultSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('done'), text: words, bytes: z.number() }),
  z.object({ kind: z.literal('failed'), failure: failureSchema, bytes: z.number() }),
  z.object({ kind: z.literal('unknown'), why: words, bytes: z.number() }),
]);

/**
 * What happens at the door to the outside. It is written down, and would survive the loss of power, before anything is
 * sent; the same facts are the panel of actions, the timeline, and the audit.
 */
export const actFactSchema = z.discriminatedUnion('kind', [
  /** A program opens its door. */
  z.object({
    kind: z.literal('opened'),
    ...said,
    context: name,
    mode: z.enum(['read-only', 'guarded']),
    /** By SelfSubjectReview; '' when the server did not say. */
    identity: name,
    /** `SSH_CONNECTION`, `tmux` pane, where there is one; '' otherwise. */
    through: name,
    version: name,
  }),
  z.object({
    kind: z.literal('asked'),
    ...said,
    origin: z.enum(['screen', 'command', 'runbook']),
    action: name,
    title: words,
    effect: z.enum(['read', 'write', 'session']),
    context: name,
    subject: subjectSchema,
    digest: z.string().max(64),
    /** One line each: `PATCH /api/v1/…`, with its body. */
    requests: z.array(words).max(100).readonly(),
    /** Run of a runbook and the task in it; '' without one. */
    run: name,
    task: name,
  }),
  z.object({
    kind: z.literal('judged'),
    ...said,
    /** Before a person is asked, and after: they took time. */
    stage: z.enum(['first', 'last']),
    outcome: z.enum(['allow', 'ask', 'deny']),
    reasons: z.array(reasonSchema).max(50).readonly(),
  }),
  z.object({
    kind: z.literal('confirmed'),
    ...said,
    digest: z.string().max(64),
    /** How: `key`, `name`, `reason`, `second-person`. */
    how: z.array(name).max(10).readonly(),
    reason: words,
    /** Who the other person is; '' where none was needed. */
    approvedBy: name,
  }),
  /** It will not be done: the guards, or the person, said no. */
  z.object({ kind: z.literal('declined'), ...said, why: words }),
  z.object({
    kind: z.literal('started'),
    ...said,
    digest: z.string().max(64),
    /** Which process carries it out, for whoever finds that it never ended; '' where that is not known. */
    process: name.default(''),
  }),
  z.object({ kind: z.literal('progress'), ...said, text: words }),
  z.object({ kind: z.literal('ended'), ...said, result: resultSchema }),
  /** Of an act of an earlier session that was started and never ended: what is found of it now. */
  z.object({ kind: z.literal('reconciled'), ...said, text: words }),
  z.object({
    kind: z.literal('glass-broken'),
    ...said,
    context: name,
    reason: words,
    ticket: name,
    until: z.number(),
  }),
  z.object({ kind: z.literal('glass-mended'), ...said, context: name, why: words }),
  /** Another person agrees to a plan by its digest; `by` is what the policy calls them. */
  z.object({
    kind: z.literal('approved'),
    ...said,
    context: name,
    digest: z.string().max(64),
    until: z.number(),
    /** Their signature: whoever reads this can verify it again. */
    code: z.string().max(200),
  }),
]);
export type ActFact = Readonly<z.infer<typeof actFactSchema>>;
export type ActFactKind = ActFact['kind'];
export type ToldAct<Kind extends ActFactKind> = Extract<ActFact, { readonly kind: Kind }>;
