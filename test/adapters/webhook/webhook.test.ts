import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { webhookSource } from '../../../src/adapters/webhook/webhook.ts';
import { longestBody } from '../../../src/adapters/webhook/webhook-request.ts';
import { type AlertData, alertDataSchema } from '../../../src/kernel/alert-fact.ts';
import { seconds } from '../../../src/kernel/units.ts';
import { recordedAnswer } from '../../support/alertmanager-stage.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { type ToldSignals, toldSignals } from '../../support/told-signals.ts';

interface Sent {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

describe('webhookSource', () => {
  let told: ToldSignals<AlertData>;
  let clock: FakeClock;
  let url = '';
  afterEach(() => told.stop());

  const watch = async (token: string | null = null, host = '127.0.0.1'): Promise<void> => {
    clock = new FakeClock();
    told = toldSignals(webhookSource({ port: 0, host, token, clock }));
    await told.until('it listens', () => told.kinds().includes('synced'));
    const source = told.data().find((d) => d.kind === 'source');
    url = source?.kind === 'source' ? source.source.where : '';
    told.forget();
  };

  const send = ({ path = '', method = 'POST', headers = {}, body = '' }: Sent) =>
    new Promise<{ status: number; text: string }>((resolve, reject) => {
      const asked = httpRequest(
        new URL(path, url),
        {
          method,
          headers: { 'content-type': 'application/json', ...headers },
        },
        (answer) => {
          let text = '';
          answer.setEncoding('utf8');
          answer.on('data', (chunk: string) => {
            text += chunk;
          });
          answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
        },
      );
      asked.on('error', reject);
      asked.end(body);
    });

  const alertOf = (pod: string, status = 'firing') => ({
    status,
    labels: { alertname: 'Down', pod },
    annotations: {},
    startsAt: '2026-11-20T02:00:00Z',
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: '',
  });
  const payload = (alerts: readonly unknown[], more: object = {}): string =>
    JSON.stringify({
      version: '4',
      receiver: 'hook',
      groupKey: 'g',
      groupLabels: {},
      alerts,
      ...more,
    });

  it('given recorded notifications, when pushed, then what fires is told once, under the scope webhook', async () => {
    await watch();
    const body = JSON.stringify(recordedAnswer('alertmanager/30-webhook-firing.json'));
    expect(await send({ body })).toEqual({ status: 200, text: 'taken\n' });
    expect((await send({ body })).status).toBe(200);
    expect(told.kinds('webhook')).toEqual(['observed', 'observed', 'heard']);
    for (const data of told.data()) expect(alertDataSchema.parse(data)).toEqual(data);
    expect(told.data()[0]).toMatchObject({
      id: 'alert/d0145e9010edc6e2',
      alert: {
        state: 'firing',
        receivers: ['hook'],
        group: '{alertname="TargetDown", cluster="ap-1"}',
      },
    });
    const resolved = recordedAnswer('alertmanager/30-webhook-firing.json');
    resolved.alerts[0].status = 'resolved';
    told.forget();
    await send({ body: JSON.stringify(resolved) });
    expect(told.data()).toEqual([
      { kind: 'gone', id: 'alert/d0145e9010edc6e2', fingerprint: 'd0145e9010edc6e2' },
    ]);
  });

  it('given a sender that leaves alerts out, when it pushes, then how many is told, until none is', async () => {
    await watch();
    await send({ body: payload([alertOf('a')], { truncatedAlerts: 7 }) });
    expect(told.data().at(-1)).toEqual({ kind: 'cut', id: 'cut', left: 7 });
    await send({ body: payload([alertOf('a')]) });
    expect(told.data().at(-1)).toEqual({ kind: 'cut', id: 'cut', left: 0 });
  });

  it.each<[string, string, string]>([
    ['no JSON', '{"version":', 'not JSON'],
    ['another version', payload([], { version: '3' }), 'version'],
    ['no alerts', JSON.stringify({ version: '4' }), 'alerts'],
    [
      'one bad alert behind a good one',
      payload([alertOf('a'), { ...alertOf('b'), labels: { a: 1 } }]),
      'alerts[1].labels',
    ],
    ['a bad status', payload([{ ...alertOf('a'), status: 'on fire' }]), 'alerts[0].status'],
    ['a bad fingerprint', payload([{ ...alertOf('a'), fingerprint: '../../x' }]), 'fingerprint'],
    ['null', 'null', 'version'],
  ])(
    'given %s, when pushed, then it is 400 with the reason, and nothing of it or before is lost',
    async (_, body, why) => {
      await watch();
      await send({ body: payload([alertOf('before')]) });
      told.forget();
      const answer = await send({ body });
      expect(answer.status).toBe(400);
      expect(answer.text).toContain(why);
      expect(told.signals).toEqual([]);
      await send({ body: payload([alertOf('before', 'resolved')]) });
      expect(told.data().map((d) => d.kind)).toEqual(['gone']);
    },
  );

  it.each<[string, Sent, number]>([
    ['GET', { method: 'GET' }, 405],
    ['another path', { path: '/api/v2/alerts' }, 404],
    ['a form of a web page', { headers: { 'content-type': 'text/plain' } }, 415],
    ['a page of a browser', { headers: { origin: 'http://evil' } }, 403],
    ['a name that was bent to loopback', { headers: { host: 'evil.example:80' } }, 403],
    ['a body that is too long', { headers: { 'content-length': String(longestBody + 1) } }, 413],
  ])('given %s, when it comes, then it is refused', async (_, sent, status) => {
    await watch();
    expect((await send({ body: payload([alertOf('a')]), ...sent })).status).toBe(status);
    expect(told.signals).toEqual([]);
  });

  it('given a body that grows beyond the limit unannounced, when it comes, then it is refused', async () => {
    await watch();
    const body = payload([{ ...alertOf('a'), annotations: { a: 'x'.repeat(longestBody) } }]);
    const sent = send({ body, headers: { 'transfer-encoding': 'chunked' } });
    // The rest is not read, so a sender may see a closed connection instead of the answer.
    const status = await sent.then(
      (a) => a.status,
      () => 413,
    );
    expect(status).toBe(413);
    expect(told.signals).toEqual([]);
  });

  it.each<[string, Sent, number]>([
    ['none', {}, 401],
    ['a wrong one', { headers: { authorization: 'Bearer sesamf' } }, 401],
    ['a longer one', { path: '/?token=sesame1' }, 401],
    ['the right one as a header', { headers: { authorization: 'Bearer sesame' } }, 200],
    ['the right one in the URL', { path: '/?token=sesame' }, 200],
    [
      'the right one from elsewhere',
      { path: '/?token=sesame', headers: { host: 'ops.example' } },
      200,
    ],
  ])(
    'given a token and a sender with %s, when it pushes, then it is %#: as it should',
    async (_, sent, status) => {
      await watch('sesame', '0.0.0.0');
      url = url.replace('0.0.0.0', '127.0.0.1');
      expect((await send({ body: payload([alertOf('a')]), ...sent })).status).toBe(status);
      expect(told.signals.length).toBe(status === 200 ? 1 : 0);
      expect(JSON.stringify(told.signals)).not.toContain('sesame');
    },
  );

  it('given no token, when it is to listen beyond loopback, then it does not, and says why', async () => {
    clock = new FakeClock();
    told = toldSignals(webhookSource({ port: 0, host: '0.0.0.0', token: null, clock }));
    await told.until('it has failed', () => told.kinds().includes('failed'));
    expect(told.signals).toMatchObject([
      {
        scope: 'webhook',
        failure: { kind: 'misconfigured', hint: expect.stringContaining('token') },
      },
    ]);
  });

  it('given a port that is in use, when it is free again, then it listens', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    clock = new FakeClock();
    told = toldSignals(webhookSource({ port, token: null, clock }));
    await told.until('it has failed', () => told.kinds().includes('failed'));
    expect(told.signals).toMatchObject([
      { failure: { message: 'the port is in use', hint: expect.stringContaining('another port') } },
    ]);
    await new Promise((resolve) => other.close(resolve));
    await clock.advance(seconds(15));
    await told.until('it listens', () => told.kinds().includes('synced'));
  });

  it('given silence, when it listens, then it says so every 15 s, and after its end nobody does', async () => {
    await watch();
    await clock.advance(seconds(46));
    expect(told.kinds()).toEqual(['heard', 'heard', 'heard']);
    await told.stop();
    await expect(send({ body: payload([]) })).rejects.toThrow();
  });
});
