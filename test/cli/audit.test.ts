import fs from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAudit } from '../../src/adapters/audit/audit-file.ts';
import { runProgram } from '../../src/cli/program.ts';
import type { ActFact } from '../../src/kernel/act-fact.ts';
import { temporary } from '../adapters/audit/audit-facts.ts';
import { FakeClock } from '../support/fake-clock.ts';

const { directory, remove } = temporary('audit-cli');
afterAll(remove);
const digest = 'd'.repeat(64);
const stamp = (n: number): number => Date.UTC(2026, 10, 20, 3, n);
/** Times of the last hour cannot be written down: `now` is when the test runs. */
let recent = 0;

const asked = (act: string, at: number, more: Partial<ActFact & { kind: 'asked' }> = {}) =>
  ({
    kind: 'asked',
    act,
    at,
    by: 'ana on bastion',
    origin: 'screen',
    action: 'scale',
    title: 'scale deployment shop/cart from 3 to 5',
    effect: 'write',
    context: 'prod',
    subject: { kind: 'object', resource: 'deployments', namespace: 'shop', name: 'cart', uid: 'u' },
    digest,
    requests: ['PATCH /apis/apps/v1/namespaces/shop/deployments/cart {"spec":{"replicas":5}}'],
    run: '',
    task: '',
    ...more,
  }) satisfies ActFact;

const facts = (): readonly ActFact[] => {
  const ana = 'ana on bastion';
  const said = (act: string, n: number, by = ana) => ({ act, at: stamp(n), by });
  return [
    {
      kind: 'opened',
      ...said('o', 0),
      context: 'prod',
      mode: 'guarded',
      identity: 'ana@corp',
      through: 'ssh from 10.0.0.7 port 22',
      version: 'dev',
    },
    asked('a', stamp(1)),
    {
      kind: 'judged',
      ...said('a', 1),
      stage: 'first',
      outcome: 'ask',
      reasons: [{ guard: 'challenge', kind: 'ask', why: 'it changes something' }],
    },
    {
      kind: 'confirmed',
      ...said('a', 2),
      digest,
      how: ['name', 'reason'],
      reason: 'more, "much" more\nload',
      approvedBy: 'ben',
    },
    { kind: 'started', ...said('a', 2), digest, process: '1/a@bastion' },
    { kind: 'progress', ...said('a', 2), text: 'under way' },
    { kind: 'ended', ...said('a', 3), result: { kind: 'done', text: 'scaled to 5', bytes: 9 } },
    asked('b', stamp(4), { action: 'cordon', title: 'cordon node n1', by: '=cmd() on bastion' }),
    {
      kind: 'judged',
      ...said('b', 4),
      stage: 'first',
      outcome: 'deny',
      reasons: [{ guard: 'read-only', kind: 'deny', why: 'this session is read-only' }],
    },
    { kind: 'declined', ...said('b', 4), why: 'this session is read-only' },
    {
      kind: 'glass-broken',
      ...said('g', 5),
      context: 'prod',
      reason: 'the node is on fire',
      ticket: 'INC-7',
      until: stamp(35),
    },
    asked('c', stamp(6), { title: 'hostile `\u001b[31m|title* <b>`' }),
    { kind: 'started', ...said('c', 6), digest, process: '1/a@bastion' },
    asked('d', recent, { action: 'logs', title: 'logs of shop/cart-0', effect: 'read' }),
  ];
};

const env = { HOME: directory, XDG_CONFIG_HOME: '/nonexistent', XDG_STATE_HOME: directory };
const path = join(directory, 'midwatch', 'audit.jsonl');
const seals = join(directory, '.local', 'share', 'midwatch', 'audit-seals.jsonl');

const run = async (...argv: readonly string[]) => {
  let [out, err] = ['', ''];
  const io = {
    env,
    paints: false,
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
  };
  const code = await runProgram(['audit', ...argv], io);
  return { code, out, err };
};

beforeAll(async () => {
  expect(await run('show')).toEqual({
    code: 0,
    out: '',
    err: `midwatch: nothing of this stands in ${path}\n`,
  });
  expect(await run('verify')).toMatchObject({
    code: 0,
    out: `nothing has been written to ${path} yet\n`,
  });
  recent = Date.now();
  const audit = openAudit({ path, anchors: seals, clock: new FakeClock() });
  expect(await audit.put(facts())).toMatchObject({ ok: true });
  expect(await audit.put([asked('e', recent, { action: 'logs' })])).toMatchObject({ ok: true });
});

describe('midwatch audit show', () => {
  it('given acts, a session and broken glass, then one line each: when, who, where, what, what was said and what came of it', async () => {
    const { code, out, err } = await run('show');
    expect([code, err]).toEqual([0, '']);
    const lines = out.split('\n').map((line) => line.split(/ {2,}/));
    expect(lines[0]).toEqual(['WHEN (UTC)', 'WHO', 'CONTEXT', 'WHAT', 'VERDICT', 'RESULT']);
    expect(lines[2]).toEqual([
      '2026-11-20 03:01:00',
      'ana on bastion',
      'prod',
      'scale deployment shop/cart from 3 to 5',
      'agreed by name and reason, wi…',
      'done: scaled to 5',
    ]);
    expect(lines[3]?.slice(3)).toEqual([
      'cordon node n1',
      'denied',
      'not done: this session is read-only',
    ]);
    expect(out).toMatch(
      /breaks the glass until 2026-11-20T03:35:00.000Z +the node is on fire \(INC-7\)/,
    );
    expect(out).toMatch(/opens a guarded door +as ana@corp, ssh from 10.0.0.7 port 22/);
    expect(out).toMatch(/\|title\* .* +not judged +started, and not ended/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what must not be there
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    expect(out.split('\n')).toHaveLength(9);
  });

  it('given a time or an action, then only those', async () => {
    expect((await run('show', '--since', '1h')).out.split('\n')).toHaveLength(4);
    expect((await run('show', '--action', 'co*')).out).toMatch(/^WHEN.*\n.*cordon node n1.*\n$/);
    expect((await run('show', '--action', 'nothing')).code).toBe(0);
    expect((await run('show', '--since', 'soon')).code).toBe(64);
  });

  it('given --json, then one document with all of each act', async () => {
    const { out } = await run('show', '--json', '--action', 'scale');
    const told = JSON.parse(out);
    expect(told).toMatchObject({ schema: 'midwatch.audit/v1', path });
    expect(told.entries[0]).toMatchObject({
      kind: 'act',
      at: '2026-11-20T03:01:00.000Z',
      by: 'ana on bastion',
      action: 'scale',
      digest,
      requests: [expect.stringMatching(/^PATCH /)],
      agreed: { how: ['name', 'reason'], approvedBy: 'ben' },
      startedAt: '2026-11-20T03:02:00.000Z',
      state: 'done',
      stateAt: '2026-11-20T03:03:00.000Z',
    });
  });
});

describe('midwatch audit verify', () => {
  it('given a sound one, then 0, how many, from when to when, by whom, and until where it is sealed', async () => {
    const { code, out } = await run('verify');
    expect(code).toBe(0);
    expect(out).toContain('records   15\n');
    expect(out).toContain('from      2026-11-20 03:00:00 UTC\n');
    expect(out).toContain('by        ana on bastion: 14\n          =cmd() on bastion: 1\n');
    expect(out).toMatch(/sealed {4}until record 14, at 2026-11-20 03:00:00 UTC; 1 written since\n/);
    expect(out).toMatch(/verdict {3}sound\n$/);
    expect(JSON.parse((await run('verify', '--json')).out)).toMatchObject({
      schema: 'midwatch.audit-verify/v1',
      sound: true,
      records: 15,
      sealed: { seq: 14 },
      faults: [],
    });
  });

  it('given a copy with a changed line, then 1, and which', async () => {
    const copy = join(directory, 'changed.jsonl');
    fs.writeFileSync(copy, fs.readFileSync(path, 'utf8').replace('the node is on fire', 'nothing'));
    const { code, out } = await run('verify', copy);
    expect(code).toBe(1);
    expect(out).toContain('FAULT     line 11, changed: this line is not what was written\n');
    expect(out).toMatch(/verdict {3}NOT SOUND: \d/);
  });

  it('given a tail that was cut, then the seal tells', async () => {
    const copy = join(directory, 'cut.jsonl');
    const lines = fs.readFileSync(path, 'utf8').split('\n');
    fs.writeFileSync(copy, `${lines.slice(0, 10).join('\n')}\n`);
    expect(await run('verify', copy)).toMatchObject({
      code: 1,
      out: expect.stringContaining('truncated: the file ends at record 10; record 14 was sealed'),
    });
    // Without the seals nobody can know.
    const none = join(directory, 'no-seals');
    fs.writeFileSync(none, '');
    expect((await run('verify', copy, '--anchor', none)).code).toBe(2);
  });

  it('given a whole audit that is gone, then the seal tells', async () => {
    fs.renameSync(path, `${path}.away`);
    expect(await run('verify')).toMatchObject({
      code: 1,
      out: expect.stringContaining('another audit stood here, sealed up to record 14'),
    });
    fs.renameSync(`${path}.away`, path);
  });

  it('given a line that was left half written, then it is told and no fault', async () => {
    const copy = join(directory, 'torn.jsonl');
    fs.writeFileSync(copy, `${fs.readFileSync(path, 'utf8')}{"chain":"0123`);
    const { code, out } = await run('verify', copy);
    expect(code).toBe(0);
    expect(out).toMatch(/torn {6}line 16 was left half written by a program that was killed/);
  });

  it('given no such file, or a folder, then 2', async () => {
    expect((await run('verify', join(directory, 'nowhere'))).code).toBe(2);
    expect((await run('verify', directory)).code).toBe(2);
  });
});

describe('midwatch audit export', () => {
  it('given JSON lines, then every fact, with its time in words', async () => {
    const { out } = await run('export', '--action', 'scale');
    const all = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(all.map((f) => f.kind)).toEqual([
      'asked',
      'judged',
      'confirmed',
      'started',
      'ended',
      'asked',
      'started',
    ]);
    expect(all[0]).toMatchObject({ time: '2026-11-20T03:01:00.000Z', at: stamp(1) });
  });

  it('given CSV, then quotes are doubled, and what a spreadsheet would compute is text', async () => {
    const { out } = await run('export', '--format', 'csv');
    const rows = out.split('\r\n');
    expect(rows[0]).toBe('time,by,context,act,fact,action,title,text,requests');
    expect(out).toContain(',"agreed by name, reason, with ben: more, ""much"" more load",');
    expect(out).toContain("\r\n2026-11-20T03:04:00.000Z,'=cmd() on bastion,prod,b,asked,cordon,");
    expect(rows).toHaveLength(1 + 14 + 1);
  });

  it('given Markdown, then one heading for each act, and hostile text is text', async () => {
    const { out } = await run('export', '--format', 'markdown');
    expect(out).toContain('## 2026-11-20 03:01:00 UTC: scale deployment shop/cart from 3 to 5\n');
    expect(out).toContain(
      '1. `PATCH /apis/apps/v1/namespaces/shop/deployments/cart {"spec":{"replicas":5}}`\n',
    );
    expect(out).toContain('- 03:03:00 ana on bastion: done: scaled to 5\n');
    expect(out).toContain('## 2026-11-20 03:06:00 UTC: hostile \\`\\|title\\* \\<b\\>\\`\n');
  });

  it('given another format, then 64', async () => {
    expect((await run('export', '--format', 'xml')).code).toBe(64);
  });
});
