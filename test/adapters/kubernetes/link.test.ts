import { mkdtempSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { beatEvery, link, nextBeat, redialAt } from '../../../src/adapters/kubernetes/link.ts';
import { Reach } from '../../../src/adapters/kubernetes/reach.ts';
import type { UndiciClient } from '../../../src/adapters/kubernetes/undici-client.ts';
import type { LinkBeat } from '../../../src/kernel/ports.ts';
import { seconds } from '../../../src/kernel/units.ts';
import { clientFor, resolvedFor, watch } from '../../support/api-client.ts';
import {
  respond,
  type Script,
  type ScriptedServer,
  startScriptedServer,
} from '../../support/api-server.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { createTestCa, type TestCa, type TestPair } from '../../support/test-pki.ts';
import { until } from '../../support/until.ts';

let dir: string;
let ca: TestCa;
let pair: TestPair;
let server: ScriptedServer;
let client: UndiciClient;
let clock: FakeClock;
let stop: AbortController;
let ended: Promise<void>;
let beats: LinkBeat[];
let reach: Reach;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'midwatch-link-'));
  ca = createTestCa(dir);
  pair = ca.issue({ name: 'server', names: 'IP:127.0.0.1' });
});
afterEach(async () => {
  stop.abort();
  await ended;
  await client.close();
  await server.close();
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const begin = async (script: Script): Promise<void> => {
  server = await startScriptedServer(script, { tls: pair });
  clock = new FakeClock();
  client = clientFor(resolvedFor(server.url, ca.cert), { clock });
  stop = new AbortController();
  beats = [];
  reach = new Reach();
  const run = link({ random: () => 0.5, received: () => client.stats().bytesReceived, reach });
  ended = run(client, clock, (beat) => beats.push(beat), stop.signal);
};

const kinds = (): readonly string[] => beats.map(({ kind }) => kind);
const answered = (n: number) =>
  until(
    `${n} beats were answered`,
    () => beats.filter(({ kind }) => kind === 'answered').length >= n,
  );
/** Lets the beat that is on its way run out of time. */
const miss = async (): Promise<void> => {
  const before = beats.length;
  const asked = server.requests();
  await until('the beat has reached the server', () => server.requests() >= Math.max(1, asked));
  await clock.advance(seconds(3));
  await until('it is missed', () => beats.length > before);
};

describe('link', () => {
  it('given a healthy server, when 45 s pass, then it is asked four times over one connection', async () => {
    await begin((_, response) => {
      (response as ServerResponse).setHeader('date', 'Fri, 20 Nov 2026 03:00:07 GMT');
      respond(response, 200, '{}');
    });
    for (let n = 1; n <= 4; n += 1) {
      await answered(n);
      await until('it rests', () => clock.sleeping === 1);
      await clock.advance(beatEvery);
    }
    await answered(5);
    expect(beats[0]).toEqual({
      kind: 'answered',
      roundTrip: expect.any(Number),
      status: 200,
      serverTime: Date.UTC(2026, 10, 20, 3, 0, 7),
    });
    expect(server.connections()).toBe(1);
  });

  it('given a server that stops answering, when two beats are missed, then the connection is dialled anew, and an answer is told at once', async () => {
    let silent = false;
    await begin((request, response) => {
      if (request.url === '/watch') (response as ServerResponse).write('w');
      else if (!silent) respond(response, 200, '{}');
    });
    await answered(1);
    const { seen, reading } = await watch(client);
    silent = true;
    await until('it rests', () => clock.sleeping === 1);
    await clock.advance(beatEvery);
    await miss();
    expect(beats.at(-1)).toEqual({ kind: 'missed', inARow: 1, why: 'no answer within 3 s' });
    expect(client.stats().redials).toBe(0);
    await until('it rests', () => clock.sleeping === 1);
    await clock.advance(nextBeat(1, () => 0.5));
    await miss();
    expect(kinds()).toEqual(['answered', 'missed', 'missed', 'redialled']);
    await reading;
    expect(seen.end).toBeInstanceOf(Error);
    silent = false;
    const connections = server.connections();
    await until('it rests', () => clock.sleeping === 1);
    await clock.advance(nextBeat(2, () => 0.5));
    await answered(2);
    expect(server.connections()).toBe(connections + 1);
  });

  it('given bytes that keep coming, when beats are late, then the connection stays', async () => {
    let silent = false;
    let more = (): void => {};
    await begin((request, response) => {
      if (request.url === '/watch') more = () => (response as ServerResponse).write('x');
      else if (!silent) respond(response, 200, '{}');
      if (request.url === '/watch') more();
    });
    await answered(1);
    const { seen } = await watch(client);
    silent = true;
    for (let n = 1; n <= 3; n += 1) {
      await until('it rests', () => clock.sleeping === 1);
      const asked = server.requests();
      await clock.advance(nextBeat(n - 1, () => 0.5));
      await until('the next beat is on its way', () => server.requests() > asked);
      const length = seen.text.length;
      more();
      await until('more has come', () => seen.text.length > length);
      await clock.advance(seconds(3));
      await until('it is missed', () => beats.at(-1)?.kind === 'missed' && beats.length === n + 1);
    }
    expect(kinds()).toEqual(['answered', 'missed', 'missed', 'missed']);
    expect(seen.end).toBeUndefined();
  });

  it('given a path that is forbidden, when the next beat is due, then another one is tried, and it counts as an answer', async () => {
    const paths: string[] = [];
    await begin((request, response) => {
      paths.push(String(request.url));
      respond(response, request.url === '/version' ? 403 : 200, '');
    });
    await answered(1);
    await until('it rests', () => clock.sleeping === 1);
    await clock.advance(beatEvery);
    await answered(2);
    expect(paths).toEqual(['/version', '/livez']);
    expect(beats.map((beat) => beat.kind === 'answered' && beat.status)).toEqual([403, 200]);
  });

  it('given a load balancer without a server behind it, when it answers 503, then the beat is missed', async () => {
    await begin((_, response) => respond(response, 503, 'no backend'));
    await until('it is missed', () => beats.length > 0);
    expect(beats[0]).toMatchObject({ kind: 'missed', why: expect.stringContaining('503') });
  });

  it('given a connection that breaks under another request, when somebody says so, then the next beats are due at once, and whoever waits hears when the server is back', async () => {
    let down = false;
    await begin((_, response) => respond(response, down ? 503 : 200, '{}'));
    await answered(1);
    await until('it rests', () => clock.sleeping === 1);
    down = true;
    // A beat was sent a moment ago: doubts cannot make them more than two a second.
    await clock.advance(seconds(1));
    reach.say('doubted');
    await until('it is missed', () => beats.at(-1)?.kind === 'missed');
    await until('it rests', () => clock.sleeping === 1);
    await clock.advance(nextBeat(1, () => 0.5));
    await until('it is missed again', () =>
      beats.some((b) => b.kind === 'missed' && b.inARow === 2),
    );
    down = false;
    const waits = reach.sleepUnless('regained', clock, seconds(1000), stop.signal);
    await until('both rest', () => clock.sleeping === 2);
    await clock.advance(nextBeat(2, () => 0.5));
    expect(await waits).toBe(true);
  });

  it('given a server that is gone, when asked, then the reason is in words', async () => {
    await begin((_, response) => respond(response, 200, ''));
    await answered(1);
    await server.close();
    await until('it rests', () => clock.sleeping === 1);
    await clock.advance(beatEvery);
    await until('it is missed', () => beats.at(-1)?.kind === 'missed');
    expect(beats.at(-1)).toMatchObject({ why: expect.stringContaining('refuses connections') });
  });
});

describe('nextBeat', () => {
  it('given any number of misses, when the wait is chosen, then it is short at first, never above 6.25 s, and 15 s without misses', () => {
    expect(nextBeat(0, () => 0.9)).toBe(seconds(15));
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (missed, r) => {
          const wait = nextBeat(missed, () => r);
          expect(wait).toBeGreaterThanOrEqual(225);
          expect(wait).toBeLessThanOrEqual(missed === 1 ? 375 : 6250);
        },
      ),
    );
  });

  it('given misses in a row, when redials are counted, then the first is after two and they are five apart', () => {
    expect(Array.from({ length: 13 }, (_, i) => i).filter(redialAt)).toEqual([2, 7, 12]);
  });
});
