import { z } from 'zod';
import { mib } from '../../kernel/units.ts';
import type { ApiClient } from '../kubernetes/api-client.ts';
import { ApiError } from '../kubernetes/network-failure.ts';

const eventSchema = z.object({ type: z.string(), object: z.unknown() });

/** An event is one pod; a longer one cannot be. */
const longest = mib(4);

const eventOf = (line: string): z.infer<typeof eventSchema> | null => {
  try {
    const parsed = eventSchema.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
};

/**
 * Tells what happens to pods until the watch ends, for whatever reason: whoever watches lists again. An event that
 * cannot be read ends it too.
 */
export const watchPods = async (
  client: Pick<ApiClient, 'request'>,
  path: string,
  tell: (kind: 'there' | 'gone', pod: unknown) => void,
  signal: AbortSignal,
): Promise<void> => {
  const request = { method: 'GET', path, accept: 'application/json', streaming: true } as const;
  const answer = await client.request(request, signal);
  if (!answer.ok || answer.value.status !== 200) {
    if (answer.ok) await answer.value.text().catch(() => '');
    return;
  }
  const decoder = new TextDecoder();
  let open = '';
  try {
    for await (const chunk of answer.value.body) {
      const lines = (open + decoder.decode(chunk, { stream: true })).split('\n');
      open = lines.pop() ?? '';
      if (open.length > longest) return;
      for (const line of lines.filter((l) => l !== '')) {
        const event = eventOf(line);
        if (event === null || event.type === 'ERROR') return;
        if (event.type !== 'BOOKMARK')
          tell(event.type === 'DELETED' ? 'gone' : 'there', event.object);
      }
    }
  } catch (error) {
    // A connection that breaks ends the watch like any other end.
    if (!(error instanceof ApiError)) throw error;
  }
};
