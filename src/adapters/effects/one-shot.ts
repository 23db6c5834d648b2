import type { EffectAnswer } from '../../kernel/effect-ports.ts';
import { ok, type Result } from '../../kernel/failure.ts';
import { hours, kib } from '../../kernel/units.ts';
import type { DirectHttp } from '../http/direct.ts';
import type { HttpRequest, HttpSource } from '../http/http-source.ts';
import { unanswered } from './unsent.ts';

/** A source that can tell whether something may have left. */
export type OneShotSource = HttpSource & Pick<DirectHttp, 'reached'>;

/** Whoever waits has a signal that ends it; a defragmentation takes as long as it takes. */
export const patience = hours(2);
const longestAnswer = kib(512);

/**
 * One request over a connection of its own, which is closed after it: on one that was kept, nobody could tell a
 * request that was lost from one that was carried out.
 */
export const oneShot = async (
  source: OneShotSource,
  request: Omit<HttpRequest, 'limit'>,
  signal: AbortSignal,
): Promise<Result<EffectAnswer>> => {
  try {
    const sent = await source.request({ ...request, limit: longestAnswer }, signal);
    if (!sent.ok) return unanswered(sent.failure, source.reached() === 'connected');
    const text = await sent.value.text();
    // What came of it is known, whatever became of the words.
    return ok({ status: sent.value.status, body: text.ok ? text.value : '' });
  } finally {
    await source.close();
  }
};
