import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chooseTls } from '../../../src/adapters/etcd/certificates.ts';
import type { MemberFiles } from '../../../src/adapters/etcd/etcd-pod.ts';
import { noTls } from '../../../src/kernel/source-target.ts';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'midwatch-etcd-files-'));
  chmodSync(dir, 0o755);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const filesOf = (name: string, mode = 0o644): MemberFiles => {
  const [ca, cert, key] = ['ca', 'crt', 'key'].map((end) => join(dir, `${name}.${end}`)) as [
    string,
    string,
    string,
  ];
  for (const path of [ca, cert, key]) writeFileSync(path, 'pem');
  chmodSync(key, mode);
  return { ca, cert, key };
};
const missing: MemberFiles = {
  ca: '/nonexistent/ca',
  cert: '/nonexistent/crt',
  key: '/nonexistent/key',
};

describe('certificates to ask etcd with', () => {
  it('given several places, when the first lacks a file, then the next one is taken whole', async () => {
    const files = filesOf('good');
    const { key, ...rest } = filesOf('half');
    rmSync(key);
    expect(await chooseTls(noTls, [{ ...rest, key }, files])).toEqual({
      ok: true,
      value: { ...noTls, ...files },
    });
  });

  it('given no verification in the settings and files of the node, when chosen, then both hold', async () => {
    const files = filesOf('good');
    expect(await chooseTls({ ...noTls, verify: false, serverName: 'etcd' }, [files])).toEqual({
      ok: true,
      value: { ...files, verify: false, serverName: 'etcd' },
    });
  });

  it('given none anywhere, when looked for, then the failure names a file and what to set', async () => {
    expect(await chooseTls(noTls, [missing])).toMatchObject({
      failure: {
        kind: 'misconfigured',
        message:
          'no certificates to ask etcd with: the certificate authority file does not exist (/nonexistent/ca)',
        on: '/nonexistent/ca',
        hint: expect.stringContaining('`etcd:` in the configuration'),
      },
    });
  });

  it.skipIf(process.geteuid?.() !== 0)(
    'given a key that only root may read, when another user looks, then key and user are named rather than what is not there',
    async () => {
      const files = filesOf('rooted', 0o600);
      process.seteuid?.(65534);
      try {
        expect(await chooseTls(noTls, [missing, files])).toMatchObject({
          failure: {
            message: `no certificates to ask etcd with: the client key file may not be read by user 65534 (${files.key})`,
            on: files.key,
          },
        });
      } finally {
        process.seteuid?.(0);
      }
    },
  );
});
