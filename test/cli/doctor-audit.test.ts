import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openAudit } from '../../src/adapters/audit/audit-file.ts';
import { auditSeen } from '../../src/cli/doctor-audit.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { now } from '../support/objects.ts';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'midwatch-seen-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const paths = () => ({
  path: join(home, 'state', 'audit.jsonl'),
  seals: join(home, 'seals.jsonl'),
});

describe('what the doctor sees of the audit', () => {
  it('given none yet, then it could be written, and looking has made nothing', async () => {
    expect(await auditSeen(paths())).toMatchObject({
      ok: true,
      value: { last: null, sealed: null },
    });
    expect(readdirSync(home)).toEqual([]);
  });

  it('given records and a seal, then it tells the times of the last', async () => {
    const { path, seals } = paths();
    const audit = openAudit({ path, anchors: seals, clock: new FakeClock(now) });
    await audit.put([
      { kind: 'glass-mended', act: 'a', at: now, by: 'ana', context: 'c', why: 'over' },
    ]);
    await audit.seal();
    expect(await auditSeen(paths())).toMatchObject({ ok: true, value: { last: now, sealed: now } });
  });

  it('given a directory in its place, then it says that it is no file', async () => {
    mkdirSync(paths().path, { recursive: true });
    expect(await auditSeen(paths())).toMatchObject({
      ok: false,
      failure: { kind: 'misconfigured' },
    });
  });

  it('given a file where its directory should be, then nothing could be written, and it says where', async () => {
    writeFileSync(join(home, 'state'), '');
    expect(await auditSeen(paths())).toMatchObject({ ok: false });
  });
});
