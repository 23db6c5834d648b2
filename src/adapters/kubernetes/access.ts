import { z } from 'zod';
import type { Clock } from '../../kernel/clock.ts';
import { failed, failure, ok, type Result } from '../../kernel/failure.ts';
import type { Access } from '../../kernel/ports.ts';
import { type EpochMs, seconds, since } from '../../kernel/units.ts';
import type { ApiClient } from './api-client.ts';
import { jsonOf } from './json-answer.ts';

/** Roles change seldom, and an answer this old does not mislead for long. */
const keptFor = seconds(30);
/** Distinct questions remembered. */
const mostKept = 500;

const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

const reviewSchema = z.object({ status: z.object({ allowed: z.boolean() }) });

const ask = async (
  client: Pick<ApiClient, 'request'>,
  { verb, group, resource, namespace, name }: Access,
  signal: AbortSignal,
): Promise<Result<boolean>> => {
  const [plural = '', subresource] = resource.split('/');
  const body = JSON.stringify({
    kind: 'SelfSubjectAccessReview',
    apiVersion: 'authorization.k8s.io/v1',
    spec: {
      resourceAttributes: {
        verb,
        group,
        resource: plural,
        ...(subresource === undefined ? {} : { subresource }),
        ...(namespace === '' ? {} : { namespace }),
        ...(name === undefined || name === '' ? {} : { name }),
      },
    },
  });
  const what = `may ${verb} ${resource}`;
  const answer = await jsonOf(
    client,
    { method: 'POST', path, accept: 'application/json', body },
    signal,
  );
  if (!answer.ok) return failed({ ...answer.failure, op: what });
  const review = reviewSchema.safeParse(answer.value);
  return review.success
    ? ok(review.data.status.allowed)
    : failed(failure('undecodable', what, 'the access review has no answer in it', { on: path }));
};

/** `may` with a memory: the same question is asked once in 30 s. Failures are not remembered. */
export const accessReviews = (clock: Pick<Clock, 'now'>) => {
  const known = new Map<string, { readonly allowed: boolean; readonly at: EpochMs }>();
  return async (
    client: Pick<ApiClient, 'request'>,
    access: Access,
    signal: AbortSignal,
  ): Promise<Result<boolean>> => {
    const { verb, group, resource, namespace, name = '' } = access;
    const key = [verb, group, resource, namespace, name].join(' ');
    const was = access.fresh === true ? undefined : known.get(key);
    if (was !== undefined && since(was.at, clock.now()) < keptFor) return ok(was.allowed);
    const answer = await ask(client, access, signal);
    known.delete(key);
    if (answer.ok) {
      known.set(key, { allowed: answer.value, at: clock.now() });
      const oldest = known.keys().next();
      if (known.size > mostKept && !oldest.done) known.delete(oldest.value);
    }
    return answer;
  };
};
