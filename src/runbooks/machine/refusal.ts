import { type Failure, failed, failure } from '../../kernel/failure.ts';

/** Why something cannot be done in a run, and what to do instead. */
export const refusal = (
  message: string,
  hint: string,
): { readonly ok: false; readonly failure: Failure } =>
  failed(failure('refused', 'walk the runbook', message, { hint }));
