import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtProgram } from '../support/built.ts';
import { enter, patience, press, startMidwatch } from '../support/midwatch.ts';
import { answer } from '../support/scripted-api.ts';
import {
  type ScriptedServer,
  scriptedKubeconfig,
  startScriptedServer,
} from '../support/scripted-server.ts';

const home = mkdtempSync(join(tmpdir(), 'midwatch-run-'));
let server: ScriptedServer;

/** A server that knows one Deployment, and denies all else. */
const script: ScriptedServer['script'] = ({ path }) => {
  if (path === '/version') return answer(200, '{"major":"1","minor":"36","gitVersion":"v1.36.0"}');
  if (path === '/apis/apps/v1/namespaces/shop/deployments/web') {
    const status = { observedGeneration: 1, replicas: 2, updatedReplicas: 2, availableReplicas: 2 };
    return answer(
      200,
      JSON.stringify({ metadata: { generation: 1 }, spec: { replicas: 2 }, status }),
    );
  }
  return answer(403, '{"kind":"Status","message":"no"}');
};

const text = `# Pay

## Look at it

\`\`\`sh {name=rollout}
kubectl rollout status deploy/web -n <namespace>
\`\`\`

## Tell the team

Tell them.
`;

beforeAll(async () => {
  await builtProgram();
  server = await startScriptedServer(script);
  mkdirSync(join(home, 'books'), { recursive: true });
  mkdirSync(join(home, 'config/midwatch'), { recursive: true });
  writeFileSync(join(home, 'books/PayDown.md'), text);
  writeFileSync(join(home, 'kubeconfig'), scriptedKubeconfig(server.url));
  writeFileSync(
    join(home, 'config/midwatch/config.yaml'),
    `runbooks:\n  folders: [${join(home, 'books')}]\n`,
  );
});
afterAll(async () => {
  await server.close();
  rmSync(home, { recursive: true, force: true });
});

const run = (...more: readonly string[]) =>
  startMidwatch(
    [
      'runbook',
      'run',
      'PayDown',
      '--no-discover',
      '--kubeconfig',
      join(home, 'kubeconfig'),
      ...more,
    ],
    {
      columns: 120,
      rows: 40,
      env: { HOME: home, XDG_CONFIG_HOME: join(home, 'config'), XDG_STATE_HOME: '' },
    },
  );

describe('midwatch runbook run NAME, in a terminal', () => {
  it('given a name and labels, then its runbook is on the screen, its step is carried out, and a kill loses nothing', async () => {
    {
      await using t = await run('--label', 'namespace=shop');
      await t.until(/Pay +not begun, 2 steps/, patience);
      await t.until('rollout status deploy web in shop', patience);
      await press(t, enter, /step 1 of 2/);
      await press(t, 'x', 'web: rolled out: 2 of 2 updated and available');
      await press(t, enter, 'Tell the team  you are here');
      t.kill('SIGKILL');
      await t.exited;
    }
    await using t = await run('--label', 'namespace=shop');
    await t.until('Tell the team  you are here', patience);
    await press(t, `w${enter}`, /waits until .*4:5\d left/);
    await press(t, 'w', (screen) => !screen.includes('waits until'));
    await press(t, enter, /done \d\d:\d\d by /);
    t.send('q');
    expect(await t.exited).toMatchObject({ code: 0 });
  });

  it('given a name that is none, then it says so, and what was meant', async () => {
    await using t = await startMidwatch(['runbook', 'run', 'PayDwn'], {
      env: { HOME: home, XDG_CONFIG_HOME: join(home, 'config'), KUBECONFIG: '/nonexistent' },
    });
    expect(await t.exited).toMatchObject({ code: 64 });
    expect(t.text()).toContain('did you mean PayDown');
  });
});
