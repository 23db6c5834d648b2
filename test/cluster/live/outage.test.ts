import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { BUSYBOX_IMAGE } from '../busybox-image.ts';
import { chaosCase } from '../chaos/chaos-cases.ts';
import { simulatedPlacement } from '../simulated-load.ts';
import { describeWithCluster } from '../support.ts';
import { midwatch } from './command.ts';
import { LiveScreen } from './live-screen.ts';

vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const isWell = (text: string): boolean =>
  /nothing broken +LIVE/.test(text) && /3 nodes ✓ 3\/3 {2}4 pods ✓ 12/.test(text);
/** Nothing of what is shown is old. */
const isFresh = (text: string): boolean => isWell(text) && !/◌|last known/.test(text);
const isDown = (text: string): boolean => text.includes('API DOWN');

describeWithCluster(
  'the screen while the API server is away',
  // Nodes must outlive the outages: what is looked at is what is known of them, not what becomes of them.
  { nodes: 3, pods: 12, nodeGraceSeconds: 600 },
  (cluster) => {
    let screen: LiveScreen;
    beforeAll(async () => {
      screen = await LiveScreen.open({ kubeconfig: cluster().kubeconfig });
      await screen.until('all is well', isFresh);
    });
    afterAll(() => screen?.close());

    const expectOldData = (): void => {
      const text = screen.text();
      // What was known stays, with its age, and is not called well.
      expect(text).toMatch(/API server does not answer; \d+\w ago: /);
      expect(text).toMatch(/1 api ✗ no answer/);
      expect(text).toMatch(/3 nodes ◌ 3\/3 \d+[sm]/);
      expect(text).toMatch(/4 pods ◌ 12 \d+[sm]/);
      expect(text).toMatch(/✗ API link {2}the API server does not answer us/);
      expect(text).toContain('last known: 12 of 12 pods well');
      expect(screen.green()).toEqual([]);
    };

    it('given an API server that crashes, then that is said, with everything as last known; and it recovers by itself', async ({
      annotate,
    }) => {
      const stopped = Date.now();
      await chaosCase('api-stop').apply(cluster());
      const gone = Date.now();
      const down = await screen.until('the header says so', isDown);
      await annotate(
        `down ${down - gone} ms after the process was gone (${down - stopped} after the kill)`,
      );
      expectOldData();
      expect(screen.text()).toContain('refuses connections');

      const { code, out } = await midwatch(
        'check',
        '--json',
        '--timeout',
        '10s',
        '--kubeconfig',
        cluster().kubeconfig,
      );
      expect(code).toBe(2);
      expect(JSON.parse(out)).toMatchObject({ code: 2, verdict: { tone: 'unknown' } });
      expect((await midwatch('doctor', '--kubeconfig', cluster().kubeconfig)).code).toBe(1);
      expectOldData();

      await chaosCase('api-stop').undo(cluster());
      const ready = Date.now();
      const live = await screen.until('it is live', (text) => text.includes('LIVE'));
      const fresh = await screen.until('everything is fresh', isFresh);
      await annotate(`live ${live - ready} ms and fresh ${fresh - ready} ms after /readyz`);
      expect(screen.text()).toContain('API link back after');
    });

    it('given an API server that freezes, then the silence is told, and what comes after it', async ({
      annotate,
    }) => {
      const frozen = Date.now();
      await chaosCase('api-pause').apply(cluster());
      const down = await screen.until('the header says so', isDown);
      await annotate(`down ${down - frozen} ms after it froze`);
      expectOldData();
      await chaosCase('api-resume').apply(cluster());
      const thawed = Date.now();
      const live = await screen.until('it is live', (text) => text.includes('LIVE'));
      const fresh = await screen.until('everything is fresh', isFresh);
      await annotate(`live ${live - thawed} ms and fresh ${fresh - thawed} ms after it thawed`);
    });

    it('given an API server that has forgotten where we were, then everything is read anew', async ({
      annotate,
    }) => {
      await chaosCase('watch-reset').apply(cluster());
      const ready = Date.now();
      // One more pod, by nobody who would first have to find back to the API server himself.
      const pod = {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'one-more', namespace: 'team-0' },
        spec: { ...simulatedPlacement, containers: [{ name: 'main', image: BUSYBOX_IMAGE }] },
      };
      await cluster().apply([pod]);
      const shown = await screen.until(
        'the new pod is counted, and all is fresh',
        (text) => text.includes('4 pods ✓ 13') && isFresh(text.replace('✓ 13', '✓ 12')),
      );
      await annotate(`fresh ${shown - ready} ms after /readyz`);
    });
  },
);
