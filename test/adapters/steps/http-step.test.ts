import { afterEach, describe, expect, it } from 'vitest';
import { allowedUrl, httpStep } from '../../../src/adapters/steps/http-step.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { json, startScriptedMonitoring } from '../../support/scripted-monitoring.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});
const { signal } = new AbortController();

const served = async () => {
  const server = await startScriptedMonitoring();
  ends.push(() => server.close());
  const { host } = new URL(server.url);
  const ask = (path: string, allowHosts: readonly string[] = [host]) =>
    httpStep(`${server.url}${path}`, { clock: new FakeClock(), version: '0', allowHosts }, signal);
  return { ...server, host, ask };
};

describe('an address that a step asks', () => {
  it('given a host that is named, when asked, then status, text and JSON are evidence', async () => {
    const { answers, ask, requests, url } = await served();
    answers.set('/health', json({ health: 'true' }));
    expect(await ask('/health?x=1')).toMatchObject({
      asked: `GET ${url}/health?x=1`,
      exit: 'ok',
      lines: ['HTTP 200', '', '{"health":"true"}'],
      data: { health: 'true' },
    });
    expect(await ask('/nothing')).toMatchObject({
      exit: 'failed',
      lines: ['HTTP 404', '', '404 page not found', ''],
    });
    expect(requests).toEqual(['/health?x=1', '/nothing']);
  });

  it('given a redirect, when asked, then it is shown and not followed', async () => {
    const { answers, ask, requests } = await served();
    const headers = { location: 'http://169.254.169.254/latest' };
    answers.set('/go', { kind: 'raw', status: 302, headers, body: '' });
    expect(await ask('/go')).toMatchObject({
      exit: 'failed',
      lines: ['HTTP 302', 'location: http://169.254.169.254/latest', '', ''],
    });
    expect(requests).toEqual(['/go']);
  });

  it('given an endless text with secrets and colours, when asked, then it is cut and clean', async () => {
    const { answers, ask } = await served();
    const body = `\u001b[31mtoken=abcdef123456\n${'x'.repeat(300)}\n`.padEnd(300_000, 'y\n');
    answers.set('/big', {
      kind: 'raw',
      status: 200,
      headers: { 'content-type': 'text/plain' },
      body,
    });
    const got = await ask('/big');
    expect(got).toMatchObject({ exit: 'ok', truncated: true, data: null });
    expect(got.lines[2]).toBe('token=[redacted]');
    expect(Buffer.byteLength(got.lines.join('\n'))).toBeLessThanOrEqual(64 * 1024);
  });

  it('given a host that is not named, when asked, then nothing is sent', async () => {
    const { ask, requests } = await served();
    expect(await ask('/health', ['example.com'])).toMatchObject({ exit: 'failed', took: 0 });
    expect(requests).toEqual([]);
  });

  it('given addresses, when judged, then only those of named hosts and their ports may be asked', () => {
    const may = (address: string, ...hosts: readonly string[]) => allowedUrl(address, hosts).ok;
    expect(may('https://status.example.com/x', 'status.example.com')).toBe(true);
    expect(may('https://status.example.com:443/', 'status.example.com')).toBe(true);
    expect(may('https://status.example.com/', 'status.example.com:443')).toBe(true);
    expect(may('https://a.example.com/', '*.example.com')).toBe(true);
    expect(may('https://status.example.com:8443/', 'status.example.com')).toBe(false);
    expect(may('https://example.com.evil.org/', '*.example.com', 'example.com')).toBe(false);
    expect(may('https://evil.org/example.com', 'example.com')).toBe(false);
    expect(may('https://example.com@evil.org/', 'example.com')).toBe(false);
    expect(may('https://u:p@example.com/', 'example.com')).toBe(false);
    expect(may('file:///etc/passwd', '*')).toBe(false);
    expect(may('https://example.com//double', 'example.com')).toBe(false);
    expect(may('https://example.com/?a=\\', 'example.com')).toBe(false);
    expect(may('not an address', '*')).toBe(false);
    expect(may('https://example.com/')).toBe(false);
  });
});
