import type { Clock } from '../../kernel/clock.ts';
import { failed, failure, ok, type Result } from '../../kernel/failure.ts';
import { globMatches } from '../../kernel/glob.ts';
import { noTls } from '../../kernel/source-target.ts';
import { type Bytes, kib, type Milliseconds, seconds } from '../../kernel/units.ts';
import { directHttp } from '../http/direct.ts';
import type { HttpAnswer, HttpSource } from '../http/http-source.ts';
import { unsafePath } from '../http/path-guard.ts';
import { ApiError } from '../kubernetes/network-failure.ts';
import { type Brought, brought, broughtFailure, tookSince } from './brought.ts';

const within: Milliseconds = seconds(10);
/** More than is kept as evidence nobody reads. */
const read: Bytes = kib(128);
/** Beyond this the line is cut by the source itself. */
const largest: Bytes = kib(16 * 1024);

export interface HttpDeps {
  readonly clock: Clock;
  /** Of midwatch, for the User-Agent header. */
  readonly version: string;
  /** Hosts that may be asked: `status.example.com`, `localhost:8080`, `*.example.com`. */
  readonly allowHosts: readonly string[];
}

/**
 * The address, when it may be asked: http or https, without credentials, and of a host that is named in the
 * configuration. `misconfigured` otherwise; then the step is only shown.
 */
export const allowedUrl = (text: string, allowHosts: readonly string[]): Result<URL> => {
  const wrong = (message: string, hint: string): Result<never> =>
    failed(failure('misconfigured', 'http', message, { hint }));
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    return wrong('that is no http or https address', 'correct the address');
  }
  if (url.username !== '' || url.password !== '') {
    return wrong('the address has credentials in it', 'take them out');
  }
  const unsafe = unsafePath(`${url.pathname}${url.search}`);
  if (unsafe !== null) return wrong(`${unsafe}: that is not asked for`, 'correct the address');
  const allowed = allowHosts.some((host) => globMatches(host.toLowerCase(), hostFor(host, url)));
  return allowed
    ? ok(url)
    : wrong(
        `${url.host} is not among the hosts that may be asked`,
        'add it to runbooks.allowHosts',
      );
};

/** A host without a port stands for the port of its scheme alone. */
const hostFor = (allowed: string, url: URL): string =>
  /:\d+$/.test(allowed)
    ? `${url.hostname}:${url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port}`
    : url.host;

const bodyLines = async ({ body }: HttpAnswer): Promise<Result<Body>> => {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  try {
    for await (const chunk of body) {
      text += decoder.decode(chunk, { stream: true });
      bytes += chunk.length;
      if (bytes >= read) return ok({ text, cut: true });
    }
  } catch (error) {
    if (error instanceof ApiError) return failed(error.failure);
    throw error;
  }
  return ok({ text: text + decoder.decode(), cut: false });
};

interface Body {
  readonly text: string;
  readonly cut: boolean;
}

const dataIn = ({ text, cut }: Body): unknown => {
  if (cut) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/** Asks an address that was allowed, over a connection of its own; redirects are answers and are not followed. */
export const httpStep = async (
  address: string,
  { clock, version, allowHosts }: HttpDeps,
  signal: AbortSignal,
): Promise<Brought> => {
  const began = clock.now();
  const url = allowedUrl(address, allowHosts);
  if (!url.ok) return broughtFailure('GET', 0, url.failure);
  const { origin, pathname, search } = url.value;
  const path = `${pathname}${search}`;
  const http: HttpSource = directHttp({
    way: { kind: 'direct', url: origin },
    auth: { kind: 'none' },
    tls: noTls,
    clock,
    version,
    guard: (method, asked) =>
      method === 'GET' && asked === path ? null : 'a step asks for its own address only',
  });
  const asked = `GET ${origin}${path}`;
  try {
    const request = { method: 'GET', path, timeout: within, limit: largest } as const;
    const answer = await http.request(request, signal);
    if (!answer.ok) return broughtFailure(asked, tookSince(began, clock.now()), answer.failure);
    const { status, headers } = answer.value;
    const body = await bodyLines(answer.value);
    const took = tookSince(began, clock.now());
    if (!body.ok) return broughtFailure(asked, took, body.failure);
    const location = headers.location === undefined ? [] : [`location: ${headers.location}`];
    return brought({
      asked,
      took,
      lines: [`HTTP ${status}`, ...location, '', ...body.value.text.split(/\r?\n/)],
      data: dataIn(body.value),
      exit: status >= 200 && status < 300 ? 'ok' : 'failed',
      truncated: body.value.cut,
    });
  } finally {
    await http.close();
  }
};
