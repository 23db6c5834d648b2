import { z } from 'zod';
import { failed, failure, ok, type Result } from '../../kernel/failure.ts';
import { clip, plainText } from '../../kernel/text.ts';
import type { ApiClient } from './api-client.ts';
import { jsonOf } from './json-answer.ts';

const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';

const reviewSchema = z.object({
  status: z.object({ userInfo: z.object({ username: z.string().min(1) }) }),
});

/** Names of people and of service accounts are short. */
const nameMost = 300;

/** Who the server says that we are: the name of the user, impersonation included. Servers before 1.28 cannot tell. */
export const whoAmI = async (
  client: Pick<ApiClient, 'request'>,
  signal: AbortSignal,
): Promise<Result<string>> => {
  const body = JSON.stringify({
    kind: 'SelfSubjectReview',
    apiVersion: 'authentication.k8s.io/v1',
  });
  const answer = await jsonOf(
    client,
    { method: 'POST', path, accept: 'application/json', body },
    signal,
  );
  if (!answer.ok) return failed({ ...answer.failure, op: 'who am I' });
  const review = reviewSchema.safeParse(answer.value);
  return review.success
    ? ok(clip(plainText(review.data.status.userInfo.username), nameMost))
    : failed(failure('undecodable', 'who am I', 'the review names no user', { on: path }));
};
