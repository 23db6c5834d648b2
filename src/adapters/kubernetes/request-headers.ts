import type { ApiCall } from './api-client.ts';
import type { Secret } from './credential.ts';
import type { Resolved } from './resolved.ts';

type Headers = Readonly<Record<string, string | readonly string[]>>;

// Extra keys are header names: what may not stand in one is percent-encoded, and the server decodes it.
const headerKey = (key: string): string =>
  [...new TextEncoder().encode(key)]
    .map((byte) => {
      const char = String.fromCharCode(byte);
      return /[A-Za-z0-9!#$&'*+.^_`|~-]/.test(char)
        ? char
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('')
    .toLowerCase();

const impersonation = ({ impersonate }: Pick<Resolved, 'impersonate'>): Headers =>
  impersonate === null
    ? {}
    : {
        'impersonate-user': impersonate.user,
        ...(impersonate.uid === null ? {} : { 'impersonate-uid': impersonate.uid }),
        ...(impersonate.groups.length === 0 ? {} : { 'impersonate-group': impersonate.groups }),
        ...Object.fromEntries(
          Object.entries(impersonate.extra).map(([key, values]) => [
            `impersonate-extra-${headerKey(key)}`,
            values,
          ]),
        ),
      };

/**
 * True when a header must be sent several times. undici joins such values with commas on HTTP/2, and the server
 * would take `a, b` for the name of one group: somebody else's permissions.
 */
export const needsHttp1 = (resolved: Pick<Resolved, 'impersonate'>): boolean =>
  Object.values(impersonation(resolved)).some(
    (value) => typeof value !== 'string' && value.length > 1,
  );

/** Headers of a request. Credentials are left out where the connection is not `secure`. */
export const requestHeaders = (
  resolved: Pick<Resolved, 'impersonate' | 'compression'>,
  version: string,
): ((
  request: ApiCall,
  secret: Pick<Secret, 'authorization'>,
  secure: boolean,
) => Record<string, string | string[]>) => {
  const always = {
    'user-agent': `midwatch/${version} (${process.platform}/${process.arch})`,
    ...impersonation(resolved),
  };
  return (request, { authorization }, secure) => ({
    ...Object.fromEntries(
      Object.entries(always).map(([name, value]) => [
        name,
        typeof value === 'string' ? value : [...value],
      ]),
    ),
    accept: request.accept,
    // A compressor on the way would hold back the events of a watch.
    ...(resolved.compression && request.streaming !== true ? { 'accept-encoding': 'gzip' } : {}),
    ...(request.body === undefined
      ? {}
      : { 'content-type': request.contentType ?? 'application/json' }),
    ...(request.tenant === undefined ? {} : { 'x-scope-orgid': request.tenant }),
    ...(secure && authorization !== null ? { authorization } : {}),
  });
};
