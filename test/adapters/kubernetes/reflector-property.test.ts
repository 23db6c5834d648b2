import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../../src/kernel/units.ts';
import { startReflecting } from '../../support/reflected.ts';
import { ScriptedClient, statusAnswer } from '../../support/scripted-api.ts';
import { ScriptedCollection } from '../../support/scripted-collection.ts';

type Step =
  | { readonly do: 'put' | 'replace' | 'delete'; readonly name: string; readonly phase: string }
  | { readonly do: 'forget' | 'bookmark' | 'end' | 'break' | 'half' | 'garbage' | 'wait' }
  | { readonly do: 'refuse'; readonly status: number };

const name = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const phase = fc.constantFrom('Active', 'Terminating');
const change = fc.record({
  do: fc.constantFrom('put' as const, 'replace' as const, 'delete' as const),
  name,
  phase,
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: change },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('forget', 'bookmark', 'end', 'break', 'half', 'garbage', 'wait'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('refuse' as const),
      status: fc.constantFrom(429, 500, 503, 410, 401, 403),
    }),
  },
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
    case 'garbage':
      server.write('{]\n');
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
          // Long enough for every wait, and for a watch with holes to end and be read anew.
          await clock.advance(minutes(12));
          server.cut('end');
          await clock.advance(minutes(12));
          expect(seen.world).toEqual(server.world);
          const last = seen.signals.filter(({ kind }) => kind !== 'observed' && kind !== 'heard');
          expect(['synced', 'gap']).toContain(last.at(-1)?.kind);
          const asked = client.requests.length;
          await stop();
          await clock.advance(minutes(1));
          expect(client.requests).toHaveLength(asked);
        }),
        { numRuns: 60 },
      );
    });
  }
});
