import type { Clock } from '../../kernel/clock.ts';
import type { EffectPorts, EffectReads } from '../../kernel/effect-ports.ts';
import { failed, failure, ok, type Result } from '../../kernel/failure.ts';
import { type EpochMs, seconds, since } from '../../kernel/units.ts';
import type { ApiCall } from '../kubernetes/api-client.ts';
import { ApiError } from '../kubernetes/network-failure.ts';
import { refusalOf, statusIn } from '../kubernetes/reflector-refusal.ts';
import type { ApiGuard, UndiciClient } from '../kubernetes/undici-client.ts';
import { unanswered } from './unsent.ts';

type Client = Pick<UndiciClient, 'request' | 'renew'>;

export interface KubernetesEffectOptions {
  /** Opened when it is first needed. */
  readonly client: () => Promise<Result<Client>>;
  readonly guard: ApiGuard;
  readonly clock: Pick<Clock, 'now'>;
}

/** A connection that was not used for longer may be gone without a word, and a write on it would be lost in doubt. */
const idleFor = seconds(20);

/** Writes to the API server, and reads over the same connection. */
export const kubernetesEffect = ({
  client: open,
  guard,
  clock,
}: KubernetesEffectOptions): Pick<EffectPorts, 'kubernetes'> & {
  readonly read: EffectReads['kubernetes'];
} => {
  let running = 0;
  let used: EpochMs | null = null;

  const using = async <T>(work: (client: Client) => Promise<Result<T>>): Promise<Result<T>> => {
    const opened = await open();
    if (!opened.ok) return opened;
    // Others may follow logs over the old one: those go on.
    const idle = used !== null && running === 0 && since(used, clock.now()) > idleFor;
    if (idle) opened.value.renew();
    running += 1;
    try {
      return await work(opened.value);
    } finally {
      running -= 1;
      used = clock.now();
    }
  };

  return {
    kubernetes: async ({ method, path, contentType, body }, signal) => {
      let left = false;
      const call: ApiCall = {
        method,
        path,
        accept: 'application/json',
        ...(body === '' ? {} : { body, contentType }),
        leaves: () => {
          left = true;
        },
      };
      const why = guard(call);
      const on = path.split('?')[0] ?? path;
      if (why !== null) return failed(failure('forbidden', method.toLowerCase(), why, { on }));
      const answered = await using(async (client) => {
        const sent = await client.request(call, signal);
        if (!sent.ok) return sent;
        const { status } = sent.value;
        try {
          return ok({ status, body: await sent.value.text() });
        } catch (error) {
          // What came of it is known, whatever became of the words.
          if (error instanceof ApiError) return ok({ status, body: '' });
          throw error;
        }
      });
      return answered.ok ? answered : unanswered(answered.failure, left);
    },

    read: async (path, signal) => {
      const call: ApiCall = { method: 'GET', path, accept: 'application/json' };
      const why = guard(call);
      if (why !== null) return failed(failure('forbidden', 'get', why, { on: path }));
      return await using(async (client) => {
        const sent = await client.request(call, signal);
        if (!sent.ok) return sent;
        try {
          const { status } = sent.value;
          const text = await sent.value.text();
          return status >= 200 && status < 300
            ? ok(text)
            : failed(refusalOf({ op: 'get', path }, statusIn(status, text)));
        } catch (error) {
          if (error instanceof ApiError) return failed(error.failure);
          throw error;
        }
      });
    },
  };
};
