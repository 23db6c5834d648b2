import { afterAll, beforeAll, expect, it } from 'vitest';
import { debug, debugFor } from '../../../src/actions/debug.ts';
import { seconds } from '../../../src/kernel/units.ts';
import { objectOf } from '../../support/act-on.ts';
import { shellImage } from '../images/shell-image.ts';
import { describeWithCluster } from '../support.ts';
import { namespaceOf } from '../workloads.ts';
import { enforcing, podOf, strictPod } from './debug-objects.ts';
import { type DebugSession, debugSession } from './debug-session.ts';

/** For what takes seconds on a machine of one's own. */
const patience = 180_000;

describeWithCluster('debug containers on a real node', { nodes: 1, realNode: true }, (cluster) => {
  let session: DebugSession;
  let image = '';

  const pod = (namespace: string, name: string) =>
    cluster().request(`/api/v1/namespaces/${namespace}/pods/${name}`);
  const runs = (namespace: string, name: string) =>
    cluster().waitFor({ until: `${name} runs`, timeoutMs: patience }, async () =>
      (await pod(namespace, name)).status.containerStatuses?.every(
        (s: { state: object }) => 'running' in s.state,
      ),
    );
  const added = async (namespace: string, name: string) =>
    (await pod(namespace, name)).spec.ephemeralContainers ?? [];

  beforeAll(async () => {
    image = await shellImage(cluster());
    await cluster().apply([
      namespaceOf('shop'),
      enforcing('base', 'baseline'),
      enforcing('strict', 'restricted'),
      podOf('shop', 'cart'),
      podOf('shop', 'short'),
      podOf('shop', 'prison', undefined, {
        spec: { securityContext: { runAsNonRoot: true, runAsUser: 1234 } },
      }),
      podOf('base', 'cart'),
      strictPod('strict', 'cart'),
    ]);
    await Promise.all([
      runs('shop', 'cart'),
      runs('shop', 'short'),
      runs('shop', 'prison'),
      runs('base', 'cart'),
      runs('strict', 'cart'),
    ]);
    session = debugSession({ kubeconfig: cluster().kubeconfig, image });
  }, 600_000);
  afterAll(() => session?.close());

  it('given a pod, when a shell is started beside it, then what is typed runs there, and its end is told', async () => {
    const plan = await session.plan(debug, objectOf('pods', 'shop', 'cart'), { reason: 'INC-7' });
    expect(plan.refusals).toEqual([]);
    const { terminal, result, progress } = session.begin(debug, plan);
    await terminal.shows('# ', patience);
    terminal.type('echo $((6 * 7)) as $MIDWATCH_BY for $MIDWATCH_REASON\r');
    await terminal.shows(/^42 as jo for INC-7\r$/m);
    // The processes of the target are there, and its files behind them.
    terminal.type('ps | grep -c "sleep [1]"; ls -d /proc/1/root/bin\r');
    await terminal.shows(/\/proc\/1\/root\/bin\r$/m);
    terminal.type('stty size\r');
    await terminal.shows(/^24 80\r$/m);
    terminal.resize(133, 41);
    terminal.type('stty size\r');
    await terminal.shows(/^41 133\r$/m);
    expect(terminal.text()).not.toMatch(/job control/);
    terminal.type('exit 3\r');
    expect(await result).toMatchObject({
      kind: 'done',
      text: expect.stringMatching(/has ended with exit 3; it stays/),
    });
    expect(progress.slice(0, 2)).toEqual(['trying it out', 'adding the container']);
    expect(terminal.resizeListeners).toBe(0);
    const [one, ...others] = await added('shop', 'cart');
    expect(others).toEqual([]);
    expect(one).toMatchObject({
      name: expect.stringMatching(/^midwatch-t/),
      image,
      targetContainerName: 'app',
      securityContext: { capabilities: { add: ['SYS_PTRACE'] } },
      env: [
        { name: 'MIDWATCH_BY', value: 'jo' },
        { name: 'MIDWATCH_REASON', value: 'INC-7' },
      ],
    });
  });

  it('given a person who leaves, when they come back, then the same shell is there, and nothing was added', async () => {
    const before = (await added('shop', 'cart')).length;
    const first = await session.start(debug, objectOf('pods', 'shop', 'cart'));
    await first.terminal.shows('# ', patience);
    first.terminal.type('cd /tmp; LEFT=here\r');
    await first.terminal.shows(/tmp #/);
    first.terminal.leave();
    expect(await first.result).toMatchObject({
      kind: 'done',
      text: expect.stringMatching(/which goes on; debug joins it again/),
    });
    const plan = await session.plan(debug, objectOf('pods', 'shop', 'cart'));
    expect(plan.title).toMatch(/^join midwatch-\w+, which runs in pod shop\/cart already$/);
    expect(plan.requests.map((r) => r.kind)).toEqual(['attach']);
    const again = session.begin(debug, plan);
    again.terminal.type('echo $PWD $LEFT\r');
    await again.terminal.shows(/^\/tmp here\r$/m, patience);
    again.abort();
    expect(await again.result).toMatchObject({ kind: 'done' });
    expect((await added('shop', 'cart')).length).toBe(before + 1);
    const other = await session.plan(debug, objectOf('pods', 'shop', 'cart'), { reuse: 'no' });
    expect(other.requests.map((r) => r.kind)).toEqual(['kubernetes', 'kubernetes', 'attach']);
    expect(other.dangers.join(' ')).toMatch(/has 2 ephemeral containers already/);
  });

  it('given a session that is forgotten, when its time is over, then it ends by itself, with or without a target', async () => {
    const short = debugFor(seconds(4));
    for (const target of ['', 'none']) {
      const { terminal, result } = await session.start(short, objectOf('pods', 'shop', 'short'), {
        target,
        reuse: 'no',
      });
      await terminal.shows('# ', patience);
      // Neither a program in the foreground nor a shell that heeds no signal holds it.
      terminal.type("trap '' TERM HUP INT; sleep 1000\r");
      expect(await result).toMatchObject({
        kind: 'done',
        text: expect.stringMatching(/has ended with exit 137/),
      });
    }
    expect((await pod('shop', 'short')).status.containerStatuses[0].restartCount).toBe(0);
  });

  it('given namespaces that enforce PodSecurity, when no profile is asked for, then one that passes is taken, and starts', async () => {
    for (const [namespace, user] of [
      ['base', undefined],
      ['strict', 1234],
    ] as const) {
      const { terminal, result } = await session.start(debug, objectOf('pods', namespace, 'cart'));
      await terminal.shows(/[#$] /, patience);
      terminal.type('id -u\r');
      await terminal.shows(new RegExp(`^${user ?? 0}\r$`, 'm'));
      terminal.type('exit\r');
      expect(await result).toMatchObject({ kind: 'done' });
      const [one] = await added(namespace, 'cart');
      expect(one.securityContext?.runAsUser).toBe(user);
    }
  });

  it('given every profile and every level, when it is planned, then refusals say what admission would say', async () => {
    const profiles = ['restricted', 'baseline', 'general', 'netadmin', 'sysadmin'];
    for (const [namespace, passing] of [
      ['shop', 5],
      ['base', 2],
      ['strict', 1],
    ] as const) {
      for (const [i, profile] of profiles.entries()) {
        const args = { profile, reuse: 'no' };
        const plan = await session.plan(debug, objectOf('pods', namespace, 'cart'), args);
        expect(plan.refusals.length === 0, `${profile} in ${namespace}`).toBe(i < passing);
        const [dry] = plan.requests;
        if (dry?.kind !== 'kubernetes') throw new Error('the first request is a dry run');
        const dryOnly = { ...plan, requests: [dry] };
        const result = await session.begin(debug, dryOnly).result;
        const message = result.kind === 'failed' ? result.failure.message : '';
        expect(/PodSecurity/.test(message), `${profile} in ${namespace}: ${message}`).toBe(
          i >= passing,
        );
        if (i >= passing && result.kind === 'failed') {
          expect(result.failure.hint).toMatch(/^ask for profile (baseline|restricted);/);
        }
      }
    }
    expect((await added('strict', 'cart')).length).toBe(1);
  });

  it('given a pod that lets nobody be root, when a shell is added, then it runs as its user', async () => {
    const { terminal, result } = await session.start(debug, objectOf('pods', 'shop', 'prison'));
    await terminal.shows('$ ', patience);
    terminal.type('id -u\r');
    await terminal.shows(/^1234\r$/m);
    terminal.type('exit\r');
    expect(await result).toMatchObject({ kind: 'done' });
  });

  it('given debug containers of before, when the namespace becomes strict, then who is refused is told that they may be why', async () => {
    await cluster().apply([enforcing('shop', 'restricted')]);
    const args = { profile: 'restricted', reuse: 'no' };
    const plan = await session.plan(debug, objectOf('pods', 'shop', 'cart'), args);
    expect(plan.refusals).toEqual([]);
    expect(await session.begin(debug, plan).result).toMatchObject({
      kind: 'failed',
      failure: {
        message: expect.stringMatching(/^PodSecurity restricted refuses it: .*capabilities/),
        hint: expect.stringMatching(/earlier ephemeral containers of this pod break the rule/),
      },
    });
  });
});
