import { describe, expect, it } from 'vitest';
import { readLedger, tellLedger } from '../../src/cli/debug-ledger.ts';
import { failed, failure, ok } from '../../src/kernel/failure.ts';
import { epochMs } from '../../src/kernel/units.ts';

const never = new AbortController().signal;
const now = epochMs(Date.parse('2026-11-23T12:00:00Z'));

const pod = (name: string, containers: readonly object[], statuses: readonly object[]) => ({
  metadata: { name, namespace: 'shop', uid: `uid-${name}` },
  spec: { nodeName: 'worker-1', ephemeralContainers: containers },
  status: { ephemeralContainerStatuses: statuses },
});
const ours = {
  name: 'midwatch-abcde',
  image: 'shell@sha256:1',
  targetContainerName: 'app',
  securityContext: { capabilities: { add: ['SYS_PTRACE'] } },
  env: [
    { name: 'MIDWATCH_BY', value: 'jo' },
    { name: 'MIDWATCH_REASON', value: 'INC-7\u001b[31m' },
    { name: 'TOKEN', value: 'hunter2' },
  ],
};
const first = pod(
  'cart',
  [ours, { name: 'debugger-x', image: 'busybox', securityContext: { privileged: true } }],
  [
    { name: 'midwatch-abcde', state: { running: { startedAt: '2026-11-23T11:48:30Z' } } },
    {
      name: 'debugger-x',
      state: { terminated: { exitCode: 1, finishedAt: '2026-11-23T09:00:00Z' } },
    },
  ],
);
const second = {
  ...pod('midwatch-node-abcde', [], []),
  metadata: {
    name: 'midwatch-node-abcde',
    namespace: 'default',
    uid: 'u',
    labels: { 'app.kubernetes.io/managed-by': 'midwatch' },
    annotations: { 'midwatch.dev/by': 'ana' },
  },
  spec: { nodeName: 'worker-2', containers: [{ name: 'debugger', image: 'shell@sha256:1' }] },
};

/** Two pages, as a server cuts a long list. */
const get = async (path: string) =>
  ok(
    JSON.stringify(
      path.includes('continue=next')
        ? { items: [second] }
        : { items: [first, pod('plain', [], [])], metadata: { continue: 'next' } },
    ),
  );

describe('the ledger of debug containers', () => {
  it('given pods on several pages, when it is read, then all that was left is there, and no other variable', async () => {
    const read = await readLedger(get, '', never);
    if (!read.ok) throw new Error(read.failure.message);
    expect(read.value.map((e) => [e.state, e.kind, e.pod, e.container, e.ours, e.by])).toEqual([
      ['running', 'container', 'cart', 'midwatch-abcde', true, 'jo'],
      ['waiting', 'node-pod', 'midwatch-node-abcde', 'debugger', true, 'ana'],
      ['ended', 'container', 'cart', 'debugger-x', false, ''],
    ]);
    expect(JSON.stringify(read.value)).not.toContain('hunter2');
  });

  it('given it is told, then in a table, or for programs', async () => {
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
    expect(await tellLedger({ io, get, namespace: '', json: false, now }, never)).toBe(0);
    expect(out.split('\n')).toEqual([
      'STATE            WHERE          WHAT                         BY            MAY         WHY',
      'running 11m      shop/cart      midwatch-abcde               jo            SYS_PTRACE  INC-7',
      'waiting          node worker-2  default/midwatch-node-abcde  ana',
      'ended 1, 3h ago  shop/cart      debugger-x                   not midwatch  privileged',
      '',
    ]);
    expect(err).toMatch(/stays in its pod until the pod is gone/);
    out = '';
    await tellLedger({ io, get, namespace: '', json: true, now }, never);
    expect(JSON.parse(out)).toMatchObject({ schema: 'midwatch.debug-ledger/v1' });
    expect(JSON.parse(out).entries).toHaveLength(3);
    const closed = async () => failed(failure('forbidden', 'get', 'you may not list pods'));
    expect(await tellLedger({ io, get: closed, namespace: '', json: true, now }, never)).toBe(2);
  });
});
