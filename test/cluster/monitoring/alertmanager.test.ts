import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { waitFor } from '../wait.ts';
import type { Alertmanager, PostedAlert } from './alertmanager.ts';
import { describeWithMonitoring } from './support.ts';
import { createWebClient, type WebAccess, type WebObject } from './web-client.ts';

const alert = (name: string, severity: string, namespace = 'payments'): PostedAlert => ({
  labels: { alertname: name, severity, namespace },
  annotations: { summary: `${name} in ${namespace}` },
});

const stateOf = async (one: Alertmanager, name: string, severity: string): Promise<string> => {
  const found = (await one.alerts()).find(
    ({ labels }) => labels.alertname === name && labels.severity === severity,
  );
  return found?.status.state ?? 'gone';
};

const becomes = (one: Alertmanager, name: string, severity: string, state: string) =>
  waitFor(
    { until: `${name} (${severity}) is ${state}`, timeoutMs: 15_000 },
    async () => (await stateOf(one, name, severity)) === state,
  );

const silenceState = async (one: Alertmanager, id: string): Promise<string> => {
  const { status, text } = await one.exchange(`/api/v2/silence/${id}`);
  return status === 200 ? JSON.parse(text).status.state : 'gone';
};

const answerTo = async (access: WebAccess): Promise<number> => {
  const client = createWebClient(access);
  try {
    return (await client.exchange('/api/v2/status')).status;
  } finally {
    await client.close();
  }
};

const silenced: WebObject = { matchers: [{ name: 'alertname', value: 'DiskFull' }] };

describeWithMonitoring('one Alertmanager', (monitoring) => {
  let one: Alertmanager;

  it('given a start, when asked, then it tells its version and is in no cluster', async () => {
    one = await monitoring().alertmanager();
    const status = await one.request('/api/v2/status');
    expect(status.versionInfo.version).toMatch(/^0\./);
    expect(status.cluster).toMatchObject({ status: 'disabled' });
  });

  it('given alerts, when posted, then what a critical one explains is inhibited', async () => {
    await one.post([alert('DiskFull', 'critical'), alert('DiskFull', 'warning')]);
    await becomes(one, 'DiskFull', 'critical', 'active');
    await becomes(one, 'DiskFull', 'warning', 'suppressed');
  });

  it('given a silence, when it expires, then the alert is active again', async () => {
    const id = await one.silence({ ...silenced, minutes: 5, comment: 'INC-1' });
    await becomes(one, 'DiskFull', 'critical', 'suppressed');
    await one.expire(id);
    expect(await silenceState(one, id)).toBe('expired');
    await becomes(one, 'DiskFull', 'critical', 'active');
  });

  it('given an alert that ends, when posted, then it is gone', async () => {
    const endsAt = new Date().toISOString();
    await one.post([{ ...alert('DiskFull', 'critical'), endsAt }]);
    await becomes(one, 'DiskFull', 'critical', 'gone');
  });

  it('given a frozen one, when resumed, then it answers again', async () => {
    await one.pause();
    await expect(one.alerts(AbortSignal.timeout(500))).rejects.toThrow();
    one.resume();
    expect(await one.alerts()).toHaveLength(1);
  });

  it('given a crash, when started again, then silences are kept and alerts are not', async () => {
    const id = await one.silence({ ...silenced, minutes: 5 });
    await waitFor({ until: 'the silence is on disk', timeoutMs: 10_000 }, () =>
      readFileSync(join(one.dataDir, 'silences'), 'utf8').includes(id),
    );
    await one.kill();
    await expect(one.alerts()).rejects.toThrow();
    await one.start();
    expect(await silenceState(one, id)).toBe('active');
    expect(await one.alerts()).toEqual([]);
    await one.kill();
    await one.start({ state: 'lost' });
    expect(await silenceState(one, id)).toBe('gone');
  });

  it('given a configuration it refuses, when started, then the error has its words', async () => {
    const config = { route: { receiver: 'missing' }, receivers: [] };
    const failure = await monitoring()
      .alertmanager({ config })
      .catch((error: Error) => error);
    expect(String(failure)).toContain('undefined receiver');
  });
});

describeWithMonitoring('an Alertmanager behind a door', (monitoring) => {
  const basicAuth = { user: 'on-call', password: 'not a secret' };

  it('given a route prefix, when asked, then only below it', async () => {
    const one = await monitoring().alertmanager({ routePrefix: '/alertmanager' });
    expect(one.url).toMatch(/\/alertmanager$/);
    expect(await answerTo(one.access)).toBe(200);
    expect(await answerTo({ url: new URL(one.url).origin })).toBe(404);
  });

  it('given basic auth, when the password is wrong, then 401', async () => {
    const one = await monitoring().alertmanager({ webConfig: { basicAuth } });
    expect(await answerTo(one.access)).toBe(200);
    const wrong = { ...basicAuth, password: 'guessed' };
    expect(await answerTo({ url: one.url, basicAuth: wrong })).toBe(401);
    expect(await answerTo({ url: one.url })).toBe(401);
  });

  it('given TLS with client certificates, when a client has none, then no answer', async () => {
    const one = await monitoring().alertmanager({ webConfig: { tls: 'client-certificate' } });
    const { url, ca } = one.access;
    expect(await answerTo(one.access)).toBe(200);
    await expect(answerTo({ url, ca: ca! })).rejects.toThrow();
    await expect(answerTo({ url })).rejects.toThrow();
  });
});

describeWithMonitoring('two Alertmanagers', (monitoring) => {
  it('given a silence on one, when they gossip, then the other has it, crash or not', async () => {
    const { members, post, joined } = await monitoring().alertmanagerPair();
    const [first, second] = members;
    const silencedOn = (one: Alertmanager, id: string) =>
      waitFor(
        { until: 'the silence is there', timeoutMs: 15_000 },
        async () => (await silenceState(one, id)) === 'active',
      );
    const id = await first.silence(silenced);
    await silencedOn(second, id);
    await post([alert('DiskFull', 'critical')]);
    await becomes(first, 'DiskFull', 'critical', 'suppressed');
    await becomes(second, 'DiskFull', 'critical', 'suppressed');

    await first.kill();
    await post([alert('NodeDown', 'critical')]);
    await becomes(second, 'NodeDown', 'critical', 'active');
    await first.start({ state: 'lost' });
    await joined();
    await silencedOn(first, id);
    expect(await first.alerts()).toEqual([]);
  });
});
