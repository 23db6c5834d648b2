import { z } from 'zod';

/**
 * What went wrong, as data: it can be recorded, compared and shown.
 * `unreachable` no connection; `timeout` no answer in time; `unauthorized` 401; `forbidden` 403;
 * `absent` 404; `refused` the server said no for another reason (4xx); `broken` 5xx;
 * `undecodable` an answer that does not parse; `misconfigured` our own input is wrong;
 * `ended` a stream ended before it should have.
 */
export const failureKinds = [
  'unreachable',
  'timeout',
  'unauthorized',
  'forbidden',
  'absent',
  'refused',
  'broken',
  'undecodable',
  'misconfigured',
  'ended',
] as const;

export const failureSchema = z.object({
  kind: z.enum(failureKinds),
  /** What was being done, e.g. `watch pods`, `read kubeconfig`. */
  op: z.string(),
  /** In words, for a person; the server's own message verbatim where there is one. */
  message: z.string(),
  /** On what: a URL path, a file, a namespace. */
  on: z.string().optional(),
  /** HTTP status, where there was an answer. */
  status: z.number().optional(),
  /** The next thing to try, as an instruction. */
  hint: z.string().optional(),
});

export type Failure = Readonly<z.infer<typeof failureSchema>>;
export type FailureKind = Failure['kind'];

export const failure = (
  kind: FailureKind,
  op: string,
  message: string,
  more: Partial<Pick<Failure, 'on' | 'status' | 'hint'>> = {},
): Failure => ({ kind, op, message, ...more });

/** Expected failure is a value; throw only for bugs. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: Failure };

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });
export const failed = (why: Failure): { ok: false; failure: Failure } => ({
  ok: false,
  failure: why,
});

/** One line for a status bar or a log: the message first, then what it was about. */
export const failureText = (f: Failure): string =>
  `${f.message}${f.on === undefined ? '' : ` (${f.op} ${f.on})`}`;
