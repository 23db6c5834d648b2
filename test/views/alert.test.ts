import { describe, expect, it } from 'vitest';
import type { AlertStream, StreamItem } from '../../src/findings/alert-stream.ts';
import { health } from '../../src/findings/health.ts';
import { alertContent, alertView } from '../../src/views/alert.ts';
import { describe as describeView } from '../../src/views/describe.ts';
import { etcdMember } from '../../src/views/etcd-member.ts';
import { unicodeGlyphs } from '../../src/views/parts/glyphs.ts';
import { newSession, placeOf } from '../../src/views/session.ts';
import type { Content } from '../../src/views/view.ts';
import { badStream, fingerprintOf, streamItem, streamOf } from '../support/alert-world.ts';
import { ago, minute, now } from '../support/objects.ts';
import { change, contentOf, textOf } from '../support/scenes.ts';
import { alertedEvening, crashLabels } from '../support/view-world.ts';
import { worldOf } from '../support/world-of.ts';

const detail = (stream: AlertStream, item: StreamItem, width = 100): Content => {
  const world = {
    ...worldOf({}),
    changes: [
      change({ probe: 'alerts' as never, key: item.key, tone: 'bad', text: `${item.name} fires` }),
    ],
  };
  const place = placeOf('alert', { key: item.key });
  const session = newSession(place);
  return alertContent(
    { ...health(world, now), alerts: stream },
    { world, session, place, now, width, height: 40, glyphs: unicodeGlyphs },
  );
};

const textAbout = (item: StreamItem): string => textOf(detail(streamOf([item]), item));
const first = (name: string): StreamItem => {
  const found = badStream().items.find((i) => i.name === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
};

describe('one alert in full', () => {
  it('given one that fires, then sentence, labels, annotations, who says so and what changed are there', () => {
    const text = textAbout(first('etcdInsufficientMembers'));
    expect(text).toMatch(/^ ✗ firing, severity critical {2}for 5m$/m);
    for (const part of [
      'insufficient members (1).',
      'am-0  has it firing for 5m  heard just now',
      'runbook        https://runbooks.test/etcdInsufficientMembers',
      'alertname      etcdInsufficientMembers',
      'receivers      pager',
      'etcd-1 of payments',
      'etcdInsufficientMembers fires',
    ]) {
      expect(text).toContain(part);
    }
  });

  it('given no runbook and no commit, then both are visible, and a pinned address is a commit', () => {
    expect(textAbout(streamItem('X'))).toMatch(/no runbook: .*\n.*no commit: /);
    const commit = '3f2c91a'.padEnd(40, '0');
    const url = `https://git.test/runbooks/blob/${commit}/x.md`;
    const pinned = textAbout(streamItem('X', { annotations: { runbook_url: url } }));
    expect(pinned).toContain(`commit         ${commit}`);
    expect(pinned).not.toContain('no commit');
  });

  it('given a silence, then author, end, comment and matchers are there', () => {
    const text = textAbout(first('NodeClockSkew'));
    expect(text).toContain('silenced by ops until 23:00 UTC');
    expect(text).toMatch(/ntp is being replaced\n +\{node="worker-3"\}/);
  });

  it('given sources that are not heard or differ, then each says what it said last, and the difference is told', () => {
    const text = textAbout(
      streamItem('X', {
        disagreement: 'am-0 has it, am-1 dropped it 40s ago',
        says: [
          { source: 'am-0', state: 'firing', fresh: false, heard: ago(2 * minute), since: null },
          { source: 'am-1', state: 'resolved', fresh: true, heard: ago(3), since: ago(40) },
        ],
      }),
    );
    expect(text).toContain('◌ am-0  has it firing  heard 2m ago, not heard now: what it said last');
    expect(text).toContain('am-1  says that it is over for 40s');
    expect(text).toContain('am-0 has it, am-1 dropped it 40s ago');
  });

  it('given an acknowledgement, then who, when and the note are there; without one, the key is named', () => {
    const ack = {
      fingerprint: 'x',
      name: 'X',
      at: ago(60),
      by: 'ana',
      note: 'on it',
      withdrawn: false,
    };
    expect(textAbout(streamItem('X', { acknowledged: ack }))).toContain('by ana, 1m ago: on it');
    expect(textAbout(streamItem('X'))).toContain('by nobody; a acknowledges');
  });

  it('given any row under the cursor, then a, p and s are about the alert', () => {
    const item = first('KubeNodeNotReady');
    const { rows } = detail(badStream(), item);
    const selectable = Array.from({ length: rows.length }, (_, i) => i).filter((i) =>
      rows.selectable(i),
    );
    for (const i of selectable) {
      expect(rows.target(i)?.alerts?.()[0]?.fingerprint).toBe(item.key);
      expect(rows.target(i)).toMatchObject({
        proof: { alert: item.key },
        silence: { alert: item.key },
      });
    }
    expect(selectable.some((i) => rows.target(i)?.open?.args.resource === 'nodes')).toBe(true);
  });

  it('given one that is not known any more, then it says so', () => {
    const gone = contentOf(alertView, worldOf({}), placeOf('alert', { key: 'feed' }));
    expect(textOf(gone)).toContain('not known any more');
  });
});

describe('alerts where their subject is', () => {
  it('given a pod and its node with alerts, then their descriptions show them and lead there', () => {
    const args = {
      resource: 'pods',
      namespace: 'payments',
      name: 'payment-gateway-7d9f8c6b5-8xk2p',
    };
    const pod = contentOf(describeView, alertedEvening(), placeOf('describe', args));
    expect(textOf(pod)).toMatch(
      /── alerts about it ─+ 1 alert ──\n ✗ critical KubePodCrashLooping/,
    );
    const node = { resource: 'nodes', namespace: '', name: 'worker-7' };
    const text = textOf(contentOf(describeView, alertedEvening(), placeOf('describe', node)));
    expect(text).toMatch(/── alerts about it[^\n]*\n ▲ warning KubeNodeNotReady/);
    const { rows } = pod;
    const opens = Array.from({ length: rows.length }, (_, i) => rows.target(i)?.open);
    expect(opens).toContainEqual({ view: 'alert', args: { key: fingerprintOf(crashLabels(1)) } });
  });

  it('given a workload whose pods alert, then it shows them', () => {
    const args = { resource: 'deployments', namespace: 'payments', name: 'payment-gateway' };
    const text = textOf(contentOf(describeView, alertedEvening(), placeOf('describe', args)));
    expect(text).toMatch(/── alerts about it ─+ 3 alerts ──/);
  });

  it('given an etcd member, then its page is made by the same judgement', () => {
    const place = placeOf('etcd-member', { cluster: 'payments', member: 'etcd-1' });
    expect(textOf(contentOf(etcdMember, alertedEvening(), place))).toMatch(/lost its data/);
  });
});
