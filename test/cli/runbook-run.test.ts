import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { leadToAlert, type WantedAlert } from '../../src/cli/lead-to-alert.ts';
import { runProgram } from '../../src/cli/program.ts';
import type { SourceAlert } from '../../src/kernel/alert-fact.ts';
import { givenAlert, givenArgs } from '../../src/views/runbook/given-alert.ts';
import { newSession, placeNow, placeOf, SessionStore } from '../../src/views/session.ts';
import { sourceAlert, withAlerts } from '../support/alert-world.ts';
import { now } from '../support/objects.ts';
import { worldOf } from '../support/world-of.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'midwatch-run-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const put = (path: string, text: string): void => {
  mkdirSync(dirname(join(home, path)), { recursive: true });
  writeFileSync(join(home, path), text);
};

const run = async (...argv: readonly string[]) => {
  let out = '';
  let err = '';
  const io = {
    env: { HOME: home, XDG_CONFIG_HOME: join(home, 'config'), KUBECONFIG: '/nonexistent' },
    paints: false,
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
  };
  const code = await runProgram(['runbook', 'run', ...argv], io);
  return { code, out, err };
};

const pay = [
  '# Payments are down',
  '',
  '## Look',
  '',
  '```sh {name=pods type=kubectl}',
  'kubectl get pods -n <namespace>',
  '```',
  '',
  '```sh {name=logs}',
  'kubectl logs -n <namespace> <pod> --since=5m --tail=50',
  '```',
  '',
  '## Mend',
  '',
  '```sh {name=gone}',
  'kubectl delete pod -n <namespace> <pod>',
  '```',
].join('\n');

const configured = (): void => {
  put('books/PayDown.md', pay);
  put('config/midwatch/config.yaml', `runbooks:\n  folders: [${join(home, 'books')}]\n`);
};

describe('midwatch runbook run, without a terminal', () => {
  it('given labels, then each task is told with them: what would run, what is only shown, and what is missing', async () => {
    configured();
    const { code, out, err } = await run('PayDown', '--label', 'namespace=shop');
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/\[read\] pods: would run\n {6}get all pods in shop\n/);
    expect(out).toMatch(/\[read\] logs: needs pod\n {6}read logs of pod <pod> in shop\n/);
    expect(out).toMatch(/\[disruptive\] gone: by hand\n/);
    expect(out).toContain('namespace = shop');
    expect(out).toContain('pod: no value; --label pod=… gives it');
  });

  it('given no labels, then what would run says what it needs', async () => {
    configured();
    const { code, out } = await run('PayDown', '--alert', 'PayDown');
    expect(code).toBe(0);
    expect(out).toContain('pods: needs namespace');
    expect(out).toContain('labels alertname=PayDown');
  });

  it('given a label that does not fit, then it is told and not put in', async () => {
    configured();
    const { code, out } = await run('PayDown', '--label', 'namespace=a b; \u001b[31mrm');
    expect(code).toBe(0);
    expect(out).toMatch(/namespace: "a b; rm" is not taken: it /);
    expect(out).not.toContain('\u001b');
    expect(out).not.toContain('pods: would run');
  });

  it.each([
    ['PayDwon', 'did you mean PayDown?'],
    ['crashloop', 'did you mean kube-pod-crash-looping, KubePodCrashLooping?'],
    ['zzzzzzzzzzzz', '"midwatch runbook list" shows what there is'],
  ])('given the unknown name %s, then 64, and %s', async (name, hint) => {
    configured();
    const { code, out, err } = await run(name);
    expect([code, out]).toEqual([64, '']);
    expect(err).toContain(`there is no runbook "${name}"`);
    expect(err).toContain(hint);
  });

  it.each(['namespace', '=shop', 'a b=c', `a=${'x'.repeat(1001)}`])(
    'given the label %s, then 64',
    async (label) => {
      expect(await run('Watchdog', '--label', label)).toMatchObject({ code: 64, out: '' });
    },
  );

  it('given ConfigMaps and no cluster, then that is said, and the runbook of a folder is told all the same', async () => {
    put('config/midwatch/config.yaml', 'runbooks:\n  configMaps: [shop/runbooks]\n');
    const { code, out, err } = await run('Watchdog');
    expect(code).toBe(0);
    expect(err).toContain('midwatch: ');
    expect(out).toContain('would run');
  });
});

describe('the alert that a runbook is begun for', () => {
  const payDown = (pod: string): SourceAlert => sourceAlert({ alertname: 'PayDown', pod }, 60);

  const led = (
    wanted: WantedAlert,
    told: readonly SourceAlert[],
    before: (session: SessionStore) => void = () => {},
  ) => {
    const labels = { alertname: 'PayDown', ...wanted.labels };
    const place = placeOf('runbook', { runbook: 'books/pay.md', ...givenArgs('given', labels) });
    const session = new SessionStore(newSession(place));
    const subscribers = new Set<() => void>();
    let world = worldOf({});
    const store = {
      world: () => world,
      subscribe: (onChange: () => void) => {
        subscribers.add(onChange);
        return () => subscribers.delete(onChange);
      },
    };
    const ended = new AbortController();
    leadToAlert(wanted, store, session, { now: () => now }, ended.signal);
    before(session);
    world = withAlerts(world, 'am', told);
    for (const subscriber of [...subscribers]) subscriber();
    return { place: placeNow(session.get()), following: subscribers.size };
  };

  it('given its name and a label, when it fires, then the one with that label is walked for', () => {
    const wanted = { alert: 'PayDown', labels: { pod: 'b' } };
    const { place, following } = led(wanted, [payDown('a'), payDown('b')]);
    expect(place.args).toEqual({ runbook: 'books/pay.md', alert: payDown('b').fingerprint });
    expect([givenAlert(place.args), following]).toEqual([null, 0]);
  });

  it('given its fingerprint, then it is that one', () => {
    const { fingerprint } = payDown('a');
    const { place } = led({ alert: fingerprint, labels: {} }, [payDown('b'), payDown('a')]);
    expect(place.args.alert).toBe(fingerprint);
  });

  it('given that no such alert fires, then the labels that were given stand for it', () => {
    const wanted = { alert: 'PayDown', labels: { pod: 'c' } };
    const { place, following } = led(wanted, [payDown('a')]);
    expect(givenAlert(place.args)).toEqual({
      fingerprint: 'given',
      name: 'PayDown',
      labels: { alertname: 'PayDown', pod: 'c' },
      annotations: {},
    });
    expect(following).toBe(1);
  });

  it('given that somebody has gone elsewhere, then nothing is changed under them', () => {
    const { place, following } = led({ alert: 'PayDown', labels: {} }, [payDown('a')], (session) =>
      session.dispatch({ kind: 'go', view: 'pods' }),
    );
    expect([place.view, place.args, following]).toEqual(['pods', {}, 0]);
  });
});
