import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { credentialOf, tokenFile } from '../../../src/adapters/kubernetes/credential.ts';
import { seconds } from '../../../src/kernel/units.ts';
import { never } from '../../support/api-client.ts';
import { FakeClock } from '../../support/fake-clock.ts';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'midwatch-token-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const authorization = async (credential: ReturnType<typeof tokenFile>) => {
  const result = await credential.current(never);
  return result.ok ? result.value.authorization : result.failure;
};

describe('tokenFile', () => {
  it('given a token that is rotated, when a minute has passed, then the new one is used, and not before', async () => {
    const clock = new FakeClock();
    const path = join(dir, 'rotated');
    writeFileSync(path, 'one\n');
    const credential = tokenFile(path, null, clock);
    expect(await authorization(credential)).toBe('Bearer one');
    writeFileSync(path, ' two \n');
    await clock.advance(seconds(59));
    expect(await authorization(credential)).toBe('Bearer one');
    await clock.advance(seconds(1));
    expect(await authorization(credential)).toBe('Bearer two');
  });

  it('given a refused token, when the file has a new one, then it is read at once', async () => {
    const path = join(dir, 'refused');
    writeFileSync(path, 'one');
    const credential = tokenFile(path, null, new FakeClock());
    const first = await credential.current(never);
    writeFileSync(path, 'two');
    expect(first.ok && credential.invalidate(first.value)).toBe(true);
    expect(await authorization(credential)).toBe('Bearer two');
  });

  it('given a refused token, when the file still has it, then it is the same credential', async () => {
    const path = join(dir, 'same');
    writeFileSync(path, 'one');
    const credential = tokenFile(path, null, new FakeClock());
    const first = await credential.current(never);
    if (first.ok) credential.invalidate(first.value);
    const second = await credential.current(never);
    expect(first.ok && second.ok && first.value === second.value).toBe(true);
  });

  it('given a file that goes away, when asked, then the last token is kept', async () => {
    const clock = new FakeClock();
    const path = join(dir, 'going');
    writeFileSync(path, 'kept');
    const credential = tokenFile(path, null, clock);
    await authorization(credential);
    rmSync(path);
    await clock.advance(seconds(61));
    expect(await authorization(credential)).toBe('Bearer kept');
  });

  it.each([
    ['is empty', ' \n', 'empty'],
    ['does not exist', null, 'does not exist'],
  ])('given a file that %s, when asked, then the failure names it', async (name, text, words) => {
    const path = join(dir, name);
    if (text !== null) writeFileSync(path, text);
    expect(await authorization(tokenFile(path, null, new FakeClock()))).toMatchObject({
      kind: 'misconfigured',
      on: path,
      message: expect.stringContaining(words),
    });
    expect(await authorization(tokenFile(path, 'spare', new FakeClock()))).toBe('Bearer spare');
  });

  it('given many requests at once, when the file is read, then it is read once', async () => {
    let reads = 0;
    const credential = tokenFile('/t', null, new FakeClock(), async () => {
      reads += 1;
      return 'x';
    });
    await Promise.all(Array.from({ length: 10 }, () => credential.current(never)));
    expect(reads).toBe(1);
  });
});

describe('credentialOf', () => {
  const clock = new FakeClock();
  it.each([
    [{ kind: 'none' } as const, null],
    [{ kind: 'token', token: 't' } as const, 'Bearer t'],
    [
      { kind: 'basic', username: 'ü', password: 'p:w' } as const,
      `Basic ${Buffer.from('ü:p:w').toString('base64')}`,
    ],
  ])(
    'given %j, when asked, then the header is right and a refusal changes nothing',
    async (source, header) => {
      const credential = credentialOf(source, clock);
      const result = await credential.current(never);
      expect(result).toMatchObject({ ok: true, value: { authorization: header } });
      expect(result.ok && credential.invalidate(result.value)).toBe(false);
    },
  );
});
