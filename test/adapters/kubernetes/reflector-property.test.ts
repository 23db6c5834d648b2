import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../../src/kernel/units.ts';
import { startReflecting } from '../../support/reflected.ts';
import { ScriptedClient, statusAnswer } from '../../support/scripted-api.ts';
import { ScriptedCollection } from '../../support/scripted-collection.ts';

type Change = {
  readonly do: 'put' | 'replace' | 'delete';
  readonly name: string;
  readonly phase: string;
};
type Step =
  | Change
  | { readonly do: 'forget' | 'bookmark' | 'end' | 'break' | 'half' | 'garble' | 'wait' }
  | { readonly do: 'refuse'; readonly status: number }
  /** Cut off, changed meanwhile, and perhaps forgotten before anyone is back. */
  | { readonly do: 'outage'; readonly changes: readonly Change[]; readonly forget: boolean };

const change = fc.record({
  do: fc.constantFrom('put' as const, 'replace' as const, 'delete' as const),
  name: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  phase: fc.constantFrom('Active', 'Terminating'),
});
const one = (...all: readonly Extract<Step['do'], 'forget' | 'wait' | 'garble' | 'half'>[]) =>
  fc.record({ do: fc.constantFrom(...all) });
const refusal = fc.record({
  do: fc.constant('refuse' as const),
  status: fc.constantFrom(429, 500, 503, 410, 401, 403),
});
const outage = fc.record({
  do: fc.constant('outage' as const),
  changes: fc.array(change, { minLength: 1, maxLength: 4 }),
  forget: fc.boolean(),
});
const cut = fc.record({
  do: fc.constantFrom('end' as const, 'break' as const, 'bookmark' as const),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: change },
  { weight: 4, arbitrary: one('wait') },
  { weight: 2, arbitrary: outage },
  { weight: 2, arbitrary: cut },
  { weight: 2, arbitrary: one('forget', 'garble', 'half') },
  { weight: 1, arbitrary: refusal },
);

const carryOut = (server: ScriptedCollection, client: ScriptedClient, s: Step): void => {
  switch (s.do) {
    case 'put':
      server.put(s.name, s.phase);
      break;
    case 'replace':
      server.delete(s.name);
      server.put(s.name, s.phase, `uid-${s.name}-${client.requests.length}`);
      break;
    case 'delete':
      server.delete(s.name);
      break;
    case 'outage':
      server.cut('break');
      for (const each of s.changes) carryOut(server, client, each);
      if (s.forget) server.forget();
      break;
    case 'forget':
      server.forget();
      break;
    case 'bookmark':
      server.bookmark();
      break;
    case 'end':
    case 'break':
      server.cut(s.do);
      break;
    case 'half':
      server.write('{"type":"MODIFIED","object":{"metadata":{"name":"a"');
      server.cut('break');
      break;
    case 'garble':
      server.garble = true;
      break;
    case 'refuse':
      client.script = () => {
        client.script = server.serve;
        return statusAnswer(s.status, 'not now');
      };
      break;
    case 'wait':
      break;
  }
};

describe('a reflector against any course of events', () => {
  for (const watchList of [true, false]) {
    it(`ends with the server's world, ${watchList ? 'with' : 'without'} WatchList`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (script) => {
          const server = new ScriptedCollection();
          server.watchList = watchList;
          const client = new ScriptedClient(server.serve);
          const { clock, seen, stop } = startReflecting(client);
          for (const s of script) {
            carryOut(server, client, s);
            if (s.do === 'wait') await clock.advance(seconds(2));
          }
          server.garble = false;
          // Long enough for every wait; then the watch ends, as it does every few minutes, and holes are closed.
          await clock.advance(minutes(12));
          server.cut('end');
          await clock.advance(minutes(12));
          expect(seen.world).toEqual(server.world);
          const last = seen.signals.filter(({ kind }) => kind !== 'observed' && kind !== 'heard');
          expect(last.at(-1)?.kind).toBe('synced');
          const asked = client.requests.length;
          await stop();
          await clock.advance(minutes(1));
          expect(client.requests).toHaveLength(asked);
        }),
        { numRuns: 80 },
      );
    });
  }
});
