import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { askedSources } from '../../src/cli/ask-sources.ts';
import { unsealedText } from '../../src/cli/local-audit.ts';
import type { Failure } from '../../src/kernel/failure.ts';
import { progress } from '../adapters/audit/audit-facts.ts';

const homes: string[] = [];
afterEach(() => {
  for (const home of homes.splice(0)) rmSync(home, { recursive: true });
});

describe('the audit of a session', () => {
  it('given seals that cannot be written, when a fact is put, then it is written, and whoever looks is told', async () => {
    const home = mkdtempSync(join(tmpdir(), 'midwatch-sources-'));
    homes.push(home);
    const seals = join(home, 'a-directory');
    mkdirSync(seals);
    const io = { env: { HOME: home }, err: () => {} };
    const asked = askedSources({}, { audit: { seals } }, io);
    if (asked === null) throw new Error('nothing is wrong with what is asked for');
    const here = new AbortController();
    const told: Failure[] = [];
    asked.whenUnsealed((why) => told.push(why), here.signal);
    expect(await asked.audit.put([progress(1)])).toEqual({ ok: true, value: undefined });
    expect(told).toHaveLength(1);
    expect(told.map(unsealedText)[0]).toMatch(
      /^the audit is written, but not sealed: .*a-directory/,
    );
    here.abort();
    await asked.audit.put([progress(2)]);
    expect(told).toHaveLength(1);
  });
});
