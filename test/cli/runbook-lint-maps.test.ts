import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import { answer } from '../support/scripted-api.ts';
import {
  type ScriptedServer,
  scriptedKubeconfig,
  startScriptedServer,
} from '../support/scripted-server.ts';

const good = '# Pay\n\n## Look\n\n```sh\nkubectl get pods -n pay\n```\n\nThen [more](./more.md).\n';
const bad = '# More\n\n## Look\n\n```sh\nkubectl exec x -- sh\n```\n\nSee [x](./no.md).\n';

let home: string;
let server: ScriptedServer;
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'midwatch-lint-'));
  server = await startScriptedServer(({ path }) =>
    path === '/api/v1/namespaces/shop/configmaps/runbooks'
      ? answer(
          200,
          JSON.stringify({
            metadata: { resourceVersion: '41' },
            data: { 'pay.md': good, 'more.md': bad },
          }),
        )
      : answer(404, '{}'),
  );
  writeFileSync(join(home, 'kubeconfig'), scriptedKubeconfig(server.url));
  mkdirSync(join(home, 'config/midwatch'), { recursive: true });
  writeFileSync(
    join(home, 'config/midwatch/config.yaml'),
    'runbooks:\n  configMaps: [shop/runbooks]\n',
  );
});
afterEach(async () => {
  await server.close();
  rmSync(home, { recursive: true, force: true });
});

const lint = async (...argv: readonly string[]) => {
  let out = '';
  let err = '';
  const code = await runProgram(['runbook', 'lint', ...argv], {
    env: { HOME: home, XDG_CONFIG_HOME: join(home, 'config'), LANG: 'C.UTF-8' },
    paints: false,
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
  });
  return { code, out, err };
};

describe('midwatch runbook lint, of ConfigMaps', () => {
  it('given --cluster, then those of the configuration are looked at instead of what is shipped', async () => {
    const flags = ['--cluster', '--kubeconfig', join(home, 'kubeconfig')];
    const { code, out, err } = await lint(...flags, '--json');
    expect([code, err]).toEqual([1, '']);
    const json = JSON.parse(out);
    expect(json).toMatchObject({ runbooks: 2 });
    // One key leads to another one of the same ConfigMap: that is no dead link.
    expect(json.findings.map((f: { path: string; rule: string }) => [f.path, f.rule])).toEqual([
      ['configmap shop/runbooks/more.md', 'exec'],
      ['configmap shop/runbooks/more.md', 'link'],
    ]);
  });

  it('given a folder beside it, then both are looked at', async () => {
    mkdirSync(join(home, 'books'));
    writeFileSync(join(home, 'books/own.md'), good.replace(/Then.*/, ''));
    const flags = ['--cluster', '--kubeconfig', join(home, 'kubeconfig')];
    const { out } = await lint(...flags, '--json', join(home, 'books'));
    expect(JSON.parse(out)).toMatchObject({ runbooks: 3 });
  });

  it('given no --cluster, then no cluster is asked', async () => {
    expect((await lint('--kubeconfig', join(home, 'kubeconfig'))).code).toBe(0);
    expect(server.requests).toEqual([]);
  });

  it('given a cluster that does not answer, then 2, and which ConfigMap was not read', async () => {
    await server.close();
    const { code, err } = await lint('--cluster', '--kubeconfig', join(home, 'kubeconfig'));
    expect(code).toBe(2);
    expect(err).toContain('configmap shop/runbooks');
  });
});
