import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordingExport, recordingInfo, recordingVerify } from '../../src/cli/recording.ts';
import { type Fact, probeId } from '../../src/kernel/fact.ts';
import { failure } from '../../src/kernel/failure.ts';
import { entriesOf } from '../support/any-facts.ts';
import { buildRecording } from '../support/recording-bytes.ts';

const pods = probeId('pods');
const facts: readonly Fact[] = [
  { kind: 'opened', cluster: 'prod-eu', context: 'prod', by: 'ops' },
  { kind: 'synced', probe: pods, scope: '' },
  {
    kind: 'failed',
    probe: pods,
    scope: '',
    failure: failure('unreachable', 'watch pods', 'no *route*'),
  },
  { kind: 'synced', probe: pods, scope: '' },
  { kind: 'mark', label: 'handed over' },
];
const entries = entriesOf(facts, Date.UTC(2026, 10, 23, 21, 43), 1000);

let directory: string;
let whole: string;
let torn: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'midwatch-cli-'));
  whole = join(directory, 'whole.mwr');
  torn = join(directory, 'torn.mwr');
  const { bytes } = await buildRecording(entries, { size: 2, ended: true });
  await writeFile(whole, bytes);
  const { bytes: open, offsets } = await buildRecording(entries, { size: 2 });
  await writeFile(torn, open.subarray(0, (offsets.at(-1) ?? 0) - 1));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

type Command = typeof recordingInfo;
const run = async (command: Command, file: string, more = {}) => {
  let out = '';
  let err = '';
  const io = {
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
  };
  const code = await command({ file, json: false, ...more }, io);
  return { code, out, err };
};

describe('recording info', () => {
  it('given a recording, then it tells what it is about, and ends well', async () => {
    const { code, out } = await run(recordingInfo, whole);
    expect(code).toBe(0);
    expect(out).toContain('prod-eu (context prod)');
    expect(out).toContain('ops, midwatch test');
    expect(out).toContain('2026-11-23 21:43:00 UTC');
    expect(out).toContain('5, revisions 1 to 5');
    expect(out).toContain('in order');
  });

  it('given one that is cut off, then it says what is missing', async () => {
    const { code, out } = await run(recordingInfo, torn);
    expect(code).toBe(0);
    expect(out).toMatch(/entries after revision 4, up to 5 at least; \d+ bytes dropped/);
    expect(out).toContain('still recording, or cut off');
  });

  it('given --json, then one object comes out that a program can read', async () => {
    const { out } = await run(recordingInfo, torn, { json: true });
    expect(JSON.parse(out)).toMatchObject({ base: 0, last: 4, state: 'open', lost: { upTo: 5 } });
  });

  it('given no such file, then exit 2 and the reason, in JSON too', async () => {
    const missing = join(directory, 'none.mwr');
    const { code, err } = await run(recordingInfo, missing);
    expect([code, err]).toEqual([2, expect.stringContaining('no such file')]);
    const { out } = await run(recordingInfo, missing, { json: true });
    expect(JSON.parse(out)).toMatchObject({ failure: { kind: 'absent' } });
  });
});

describe('recording verify', () => {
  it('given a sound one, then exit 0; given a damaged one, then exit 1 and what is wrong', async () => {
    expect(await run(recordingVerify, whole)).toMatchObject({
      code: 0,
      out: expect.stringContaining('sound: 5 entries read'),
    });
    expect(await run(recordingVerify, torn)).toMatchObject({
      code: 1,
      out: expect.stringContaining('DAMAGED'),
    });
    const { out } = await run(recordingVerify, torn, { json: true });
    expect(JSON.parse(out)).toMatchObject({ sound: false, entries: 4 });
  });
});

describe('recording export', () => {
  it('given a recording, then every entry is a line of JSON', async () => {
    const { code, out } = await run(recordingExport, whole);
    expect(code).toBe(0);
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((l) => JSON.parse(l)),
    ).toEqual(entries);
  });

  it('given one that is cut off, then what there is comes out, and what is missing is told', async () => {
    const { code, out, err } = await run(recordingExport, torn);
    expect([code, out.trimEnd().split('\n').length]).toEqual([1, 4]);
    expect(err).toContain('entries after revision 4');
  });

  it('given the timeline, then it is what changed, in words, with nothing taken for markup', async () => {
    const { out } = await run(recordingExport, whole, { timeline: true });
    expect(out).toBe(
      [
        '## 2026-11-23 (UTC)',
        '',
        '- `21:43:02` · pods can no longer be read: no \\*route\\*',
        '- `21:43:03` · pods can be read again',
        '- `21:43:04` · handed over',
        '',
      ].join('\n'),
    );
  });
});
