import { describe, expect, it } from 'vitest';
import { debug } from '../../src/actions/debug.ts';
import { debugNode } from '../../src/actions/debug-node.ts';
import { violationsIn } from '../../src/actions/debug-profile.ts';
import { debugSweep } from '../../src/actions/debug-sweep.ts';
import { usualClass } from '../../src/actions/policy.ts';
import { forbiddenAttach } from '../../src/adapters/effects/kubernetes-guard.ts';
import type { ActArgs, ActSubject, EffectRequest } from '../../src/kernel/act.ts';
import { failed, failure, ok } from '../../src/kernel/failure.ts';
import { emptyWorld } from '../../src/kernel/world.ts';
import { noReads, objectOf, sceneOf } from '../support/act-on.ts';
import { effectGuards } from '../support/effect-guards.ts';

const image = `registry.test/shell@sha256:${'a'.repeat(64)}`;
const never = new AbortController().signal;
const shell = [
  'sh',
  '-c',
  'sh -c "(sleep 1800; kill -9 \\$\\$) >/dev/null 2>&1 & exec sh -i"; exit $?',
];
const env = [
  { name: 'MIDWATCH_BY', value: 'jo' },
  { name: 'MIDWATCH_REASON', value: 'INC-7' },
];

const podWith = (spec: object = {}, more: object = {}) => ({
  metadata: { name: 'cart', namespace: 'shop', uid: 'uid-cart', ...more },
  spec: { nodeName: 'worker-1', containers: [{ name: 'app' }, { name: 'proxy' }], ...spec },
  status: {
    phase: 'Running',
    containerStatuses: [
      { name: 'app', state: { running: {} } },
      { name: 'proxy', state: { waiting: { reason: 'CrashLoopBackOff' } } },
    ],
  },
});

const planned = async (
  action: typeof debug,
  subject: ActSubject,
  args: ActArgs,
  objects: Readonly<Record<string, unknown>>,
  images: readonly string[] = [image],
) => {
  const reads = {
    ...noReads,
    kubernetes: async (path: string) =>
      path in objects
        ? ok(JSON.stringify(objects[path]))
        : failed(failure('forbidden', 'get', 'you may not', { on: path })),
  };
  const scene = sceneOf(emptyWorld, { policy: { ...usualClass, images }, process: '7/ab-1@here' });
  const intent = { action: action.id, subject, args, origin: 'screen' } as const;
  const made = await (action.prepare?.(intent, scene, reads, never) ?? action.plan(intent, scene));
  if (!made.ok) throw new Error(`${made.failure.message}; ${made.failure.hint ?? ''}`);
  return made.value;
};
const path = '/api/v1/namespaces/shop/pods/cart';
const space = (level: string) => ({
  metadata: { labels: { 'pod-security.kubernetes.io/enforce': level } },
});
const onPod = (args: ActArgs, pod: unknown, level: string | null = '') =>
  planned(debug, objectOf('pods', 'shop', 'cart'), args, {
    [path]: pod,
    ...(level === null ? {} : { '/api/v1/namespaces/shop': space(level) }),
  });
const bodies = (requests: readonly EffectRequest[]) =>
  requests.flatMap((r) => (r.kind === 'kubernetes' && r.body !== '' ? [JSON.parse(r.body)] : []));
const leaves = (requests: readonly EffectRequest[], mode: 'guarded' | 'read-only') =>
  requests.map((r) =>
    r.kind === 'attach'
      ? forbiddenAttach(
          () => mode,
          `/api/v1/namespaces/${r.namespace}/pods/${r.pod}/attach?container=${r.container}&stdin=true&tty=true`,
        )
      : effectGuards(mode)(r),
  );

describe('a debug container', () => {
  it('given a pod, when it is planned, then a dry run, one container and a session are asked for, to the letter', async () => {
    const plan = await onPod({ reason: 'INC-7' }, podWith());
    const container = {
      name: 'midwatch-abcde',
      image,
      imagePullPolicy: 'IfNotPresent',
      command: shell,
      env,
      stdin: true,
      tty: true,
      terminationMessagePolicy: 'File',
      targetContainerName: 'app',
      securityContext: { capabilities: { add: ['SYS_PTRACE'] } },
    };
    const body = JSON.stringify({
      metadata: { uid: 'uid-cart' },
      spec: { ephemeralContainers: [container] },
    });
    const contentType = 'application/strategic-merge-patch+json';
    const common = { kind: 'kubernetes', method: 'PATCH', contentType, body } as const;
    expect(plan.requests).toEqual([
      { ...common, path: `${path}/ephemeralcontainers?dryRun=All&fieldManager=midwatch` },
      { ...common, path: `${path}/ephemeralcontainers?fieldManager=midwatch` },
      {
        kind: 'attach',
        namespace: 'shop',
        pod: 'cart',
        container: 'midwatch-abcde',
        tty: true,
      },
    ]);
    expect(plan).toMatchObject({ effect: 'session', typed: 'cart', weight: { images: [image] } });
    expect(leaves(plan.requests, 'guarded')).toEqual([null, null, null]);
    expect(leaves(plan.requests, 'read-only')).not.toContain(null);
    expect(JSON.stringify(plan)).not.toMatch(/\/exec/);
  });

  it.each([
    ['baseline', {}, undefined],
    [
      'restricted',
      {},
      {
        runAsNonRoot: true,
        runAsUser: 65_532,
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
        seccompProfile: { type: 'RuntimeDefault' },
      },
    ],
    [
      'privileged',
      { securityContext: { runAsNonRoot: true, runAsUser: 1000 } },
      { runAsUser: 1000, capabilities: { add: ['SYS_PTRACE'] } },
    ],
  ])(
    'given a namespace that is %s, then the least that is of use there',
    async (level, spec, is) => {
      const [, real] = bodies((await onPod({}, podWith(spec), level)).requests);
      expect(real.spec.ephemeralContainers[0].securityContext).toEqual(is);
    },
  );

  it('given a namespace that cannot be read, then the strictest profile, and it is said', async () => {
    const plan = await onPod({}, podWith(), null);
    expect(bodies(plan.requests)[0].spec.ephemeralContainers[0].securityContext.runAsUser).toBe(
      65_532,
    );
    expect(plan.dangers.join(' ')).toMatch(/could not be read: the dry run will tell/);
  });

  it('given what makes no sense, then it is refused with what there is', async () => {
    await expect(onPod({ profile: 'root' }, podWith())).rejects.toThrow(/profiles are restricted/);
    await expect(onPod({ target: 'x' }, podWith())).rejects.toThrow(/containers are app, proxy/);
    await expect(onPod({ target: 'proxy' }, podWith())).rejects.toThrow(/does not run now/);
    const none = planned(debug, objectOf('pods', 'shop', 'cart'), {}, { [path]: podWith() }, []);
    await expect(none).rejects.toThrow(/policy\.classes\[\]\.images/);
    const mirror = { annotations: { 'kubernetes.io/config.mirror': 'x' } };
    expect((await onPod({}, podWith({}, mirror))).refusals.join()).toMatch(
      /debug on node worker-1/,
    );
    expect((await onPod({ profile: 'sysadmin' }, podWith(), 'baseline')).refusals).toEqual([
      'the namespace enforces PodSecurity baseline, which refuses the profile sysadmin; baseline passes',
    ]);
  });

  it('given a refusal of PodSecurity, then its rules are read, whatever stands in brackets', () => {
    expect(
      violationsIn(
        'pods "cart" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "a" must set x=false), seccompProfile (pod or container "a, b" must set y (or z))',
      ),
    ).toEqual({
      level: 'restricted',
      rules: ['allowPrivilegeEscalation != false', 'seccompProfile'],
    });
    expect(violationsIn('pods "cart" not found')).toBeNull();
  });
});

describe('a debug pod on a node', () => {
  it('given a node, when it is planned, then a pod that ends by itself is made, joined and deleted', async () => {
    const nodes = { '/api/v1/nodes/worker-1': { metadata: { uid: 'uid-node' } } };
    const args = { reason: 'INC-7' };
    const plan = await planned(debugNode, objectOf('nodes', '', 'worker-1'), args, nodes);
    expect(plan.subject).toMatchObject({ uid: 'uid-node' });
    expect(plan.requests.map((r) => (r.kind === 'kubernetes' ? r.method : r.kind))).toEqual([
      'POST',
      'POST',
      'attach',
      'DELETE',
    ]);
    const [dry, real, gone] = bodies(plan.requests);
    expect(dry).toEqual(real);
    expect(real).toEqual({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: 'midwatch-node-abcde',
        namespace: 'default',
        labels: { 'app.kubernetes.io/managed-by': 'midwatch' },
        annotations: {
          'midwatch.dev/by': 'jo',
          'midwatch.dev/reason': 'INC-7',
          'midwatch.dev/process': '7/ab-1@here',
        },
      },
      spec: {
        nodeName: 'worker-1',
        restartPolicy: 'Never',
        activeDeadlineSeconds: 1920,
        terminationGracePeriodSeconds: 0,
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        tolerations: [{ operator: 'Exists' }],
        hostPID: true,
        hostNetwork: true,
        hostIPC: true,
        containers: [
          {
            name: 'debugger',
            image,
            imagePullPolicy: 'IfNotPresent',
            command: shell,
            env,
            stdin: true,
            tty: true,
            terminationMessagePolicy: 'File',
            volumeMounts: [{ name: 'host', mountPath: '/host', readOnly: true }],
          },
        ],
        volumes: [{ name: 'host', hostPath: { path: '/' } }],
      },
    });
    expect(gone).toEqual({ apiVersion: 'v1', kind: 'DeleteOptions', gracePeriodSeconds: 0 });
    expect(leaves(plan.requests, 'guarded')).toEqual([null, null, null, null]);
  });

  it('given one that was left, then only who started it deletes it, and only that very one', async () => {
    const at = '/api/v1/namespaces/default/pods/midwatch-node-abcde';
    const left = (by: string) => ({
      metadata: {
        name: 'midwatch-node-abcde',
        namespace: 'default',
        uid: 'uid-left',
        labels: { 'app.kubernetes.io/managed-by': 'midwatch' },
        annotations: { 'midwatch.dev/by': by },
      },
      spec: { nodeName: 'worker-1' },
    });
    const subject = objectOf('pods', 'default', 'midwatch-node-abcde');
    const own = await planned(debugSweep, subject, {}, { [at]: left('jo') });
    expect(own.refusals).toEqual([]);
    expect(bodies(own.requests)).toEqual([
      { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid: 'uid-left' } },
    ]);
    expect(leaves(own.requests, 'guarded')).toEqual([null]);
    const theirs = await planned(debugSweep, subject, {}, { [at]: left('ana') });
    expect(theirs.refusals).toEqual(['ana has started it, not jo']);
    const other = planned(debugSweep, objectOf('pods', 'shop', 'cart'), {}, { [path]: podWith() });
    await expect(other).rejects.toThrow(/no debug pod of midwatch/);
  });
});
