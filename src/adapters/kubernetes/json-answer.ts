import { failed, failure, ok, type Result } from '../../kernel/failure.ts';
import type { ApiClient, ApiRequest } from './api-client.ts';
import { ApiError } from './network-failure.ts';
import { refusalOf, statusIn } from './reflector-refusal.ts';

/** Sends a request and reads the whole answer as JSON; other statuses than 2xx are failures in the server's words. */
export const jsonOf = async (
  client: Pick<ApiClient, 'request'>,
  request: ApiRequest,
  signal: AbortSignal,
): Promise<Result<unknown>> => {
  const op = request.method.toLowerCase();
  const sent = await client.request(request, signal);
  if (!sent.ok) return sent;
  let body: string;
  try {
    body = await sent.value.text();
  } catch (error) {
    if (error instanceof ApiError) return failed(error.failure);
    throw error;
  }
  const { status } = sent.value;
  if (status < 200 || status > 299) {
    return failed(refusalOf({ op, path: request.path }, statusIn(status, body)));
  }
  try {
    return ok(JSON.parse(body));
  } catch {
    return failed(
      failure('undecodable', op, 'the answer is not JSON', { on: request.path, status }),
    );
  }
};
