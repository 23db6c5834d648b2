import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRecorder } from '../../src/adapters/journal/recorder.ts';
import { allProbes } from '../../src/cli/probes.ts';
import { probeId } from '../../src/kernel/fact.ts';
import { Journal } from '../../src/kernel/journal.ts';
import { Store } from '../../src/kernel/store.ts';
import { noRevision, seconds } from '../../src/kernel/units.ts';
import { builtProgram } from '../support/built.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { ctrl, enter, esc, patience, press, startMidwatch } from '../support/midwatch.ts';
import { crashing, node, pod } from '../support/objects.ts';
import { until } from '../support/until.ts';

/** What a name or a message must never do to a terminal. */
const evil = [
  '\u001b]0;title\u0007',
  '\u001b[2J\u001b[H',
  '\u001bP+q544e\u001b\\',
  '\u001b]52;c;cm0gLXJmIC8=\u0007',
  '\u001b[?1049l\u001bc',
  '\u009b31m',
  '\u202eltr\u2066\u200f',
  '\r\n\t\b\u0000\u007f\u0085',
].join('x');
const long = 'n'.repeat(10_000);

let directory: string;
let path: string;

/** A recording of a cluster whose objects carry all of that, written through journal and recorder. */
const recordEvil = async (): Promise<void> => {
  const clock = new FakeClock();
  const journal = new Journal({ clock });
  const store = new Store(allProbes);
  const stop = new AbortController();
  let safe = 0;
  const onStatus = ({ acknowledged }: { readonly acknowledged: number }) => {
    safe = acknowledged;
  };
  const opened = await openRecorder({
    path,
    journal,
    store,
    clock,
    program: 'midwatch test',
    onStatus,
  });
  if (!opened.ok) throw new Error(opened.failure.message);
  const done = opened.value.run(stop.signal);
  journal.watch(noRevision, (entries) => store.push(entries), stop.signal);
  const put = (probe: string, object: unknown) => ({
    kind: 'observed' as const,
    probe: probeId(probe),
    scope: '',
    data: { put: object },
  });
  const named = `${evil}${long}`;
  journal.append([
    { kind: 'opened', cluster: evil, context: `${evil}context`, by: evil },
    put('nodes', node(`${evil}node`)),
    put(
      'pods',
      crashing(`${evil}pod`, `${evil}${long}`, { labels: { [`${evil}k`]: evil }, node: evil }),
    ),
    put('pods', pod(named, { namespace: `${evil}ns`, status: evil, uid: 'long' })),
    put('pods', pod('שלום-漢字-e\u0301-👩‍💻', { namespace: 'web', uid: 'wide' })),
    { kind: 'synced', probe: probeId('pods'), scope: '' },
    { kind: 'synced', probe: probeId('nodes'), scope: '' },
    { kind: 'mark', label: evil },
  ]);
  store.flush();
  await until('everything is on the disk', async () => {
    await clock.advance(seconds(1));
    return safe === journal.head;
  });
  stop.abort();
  await done;
};

beforeAll(async () => {
  await builtProgram();
  directory = await mkdtemp(join(tmpdir(), 'midwatch-hostile-'));
  path = join(directory, 'evil.mwr');
  await recordEvil();
});
afterAll(() => rm(directory, { recursive: true, force: true }));

// Screens, cursor, paste and synchronised output by number; moving, erasing and styling by letter. Nothing else.
const ours =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with it
  /\u001b\[(?:\?(?:1049|25|2004|2026)[hl]|\d*[ABCDEG]|\d*(?:;\d*)?H|[0-2]?[JK]|[\d;]*m)/g;
const forbidden =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there
  /[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

describe('hostile names and messages', () => {
  it.each([
    [80, 24],
    [200, 60],
  ])(
    'given %i columns and %i rows, when every view is looked at, then only our own sequences are written',
    async (columns, rows) => {
      await using t = await startMidwatch(['replay', '--pause', path, '--at', 'r8'], {
        columns,
        rows,
      });
      await t.until('REPLAY', patience);
      const steps: readonly (readonly [string, string])[] = [
        ['4', 'pods(all)'],
        ['d', '── pod'],
        [esc, 'pods(all)'],
        ['jd', 'describe'],
        [esc, 'pods(all)'],
        ['y', 'yaml'],
        [esc, 'pods(all)'],
        ['c', 'copied'],
        ['F', 'closed for good'],
        [ctrl('d'), 'This is a recording'],
        [esc, 'pods(all)'],
        [`:acts${enter}`, 'acts'],
        ['3', 'nodes'],
        ['6', 'changes'],
        ['~', 'REPLAY'],
        [`:broken${enter}`, 'broken['],
        ['p', 'proof'],
      ];
      for (const [keys, shows] of steps) {
        t.send(keys);
        await t.until(shows, 10_000).catch(() => undefined);
        await t.quiet(150);
        expect(t.lines().every((l) => !forbidden.test(l))).toBe(true);
      }
      expect(t.text()).toContain('proof');
      // The copy of a name is a sequence of its own, whose text is in base64.
      // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with it
      const raw = t.takeRaw().replace(/\u001b\]52;c;[A-Za-z0-9+/=]*\u0007/g, '');
      const rest = raw.replace(ours, '');
      expect(JSON.stringify(forbidden.exec(rest)?.[0] ?? '')).toBe('""');
      expect(rest).not.toContain('\u001b');
      await press(t, 'q', () => true);
      expect((await t.exited).code).toBe(0);
    },
  );
});
