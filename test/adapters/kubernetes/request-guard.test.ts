import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ApiRequest } from '../../../src/adapters/kubernetes/api-client.ts';
import { forbiddenRequest } from '../../../src/adapters/kubernetes/request-guard.ts';
import { clientFor, never, resolvedFor } from '../../support/api-client.ts';

const reviews = [
  '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
  '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews',
  '/apis/authentication.k8s.io/v1/selfsubjectreviews',
];

describe('forbiddenRequest', () => {
  it.each<[string, string]>([
    ['GET', '/api/v1/pods?watch=1&fieldSelector=a%3Db'],
    ['HEAD', '/version'],
    // A pod may be called exec: only a sub-resource opens a session.
    ['GET', '/api/v1/namespaces/a/pods/exec'],
    ...reviews.map((path) => ['POST', path] as [string, string]),
  ])('given %s %s, when checked, then it may be sent', (method, path) => {
    expect(forbiddenRequest(method, path)).toBeNull();
  });

  it.each([
    ['POST', '/api/v1/namespaces/a/pods'],
    ['POST', `${reviews[0]}?dryRun=All`],
    ['POST', `${reviews[0]}/`],
    ['DELETE', '/api/v1/namespaces/a/pods/b'],
    ['PUT', '/api/v1/nodes/a'],
    ['PATCH', '/api/v1/nodes/a'],
    ['get', '/version'],
    ['GET', '/api/v1/namespaces/a/pods/b/exec?command=sh'],
    ['GET', '/api/v1/namespaces/a/pods/b/attach'],
    ['GET', '/api/v1/namespaces/a/pods/b/portforward/'],
    ['GET', 'version'],
    ['GET', '//elsewhere/version'],
    ['GET', 'https://elsewhere/version'],
    ['GET', '/api/../apis'],
    ['GET', '/api/%2e%2e/apis'],
    ['GET', '/api/v1/pods#x'],
    ['GET', '/api/v1/pods\r\nx: y'],
    ['GET', ''],
  ])('given %s %s, when checked, then there is a reason against it', (method, path) => {
    expect(forbiddenRequest(method, path)).toEqual(expect.any(String));
  });

  it('given any method and path, when it is let through, then it reads or is a review of oneself', () => {
    const method = fc.oneof(fc.constantFrom('GET', 'HEAD', 'POST', 'DELETE', 'PATCH'), fc.string());
    const path = fc.oneof(fc.constantFrom(...reviews), fc.webPath(), fc.string());
    fc.assert(
      fc.property(method, path, (m, p) => {
        if (forbiddenRequest(m, p) !== null) return;
        expect(m === 'GET' || m === 'HEAD' || (m === 'POST' && reviews.includes(p))).toBe(true);
      }),
    );
  });

  it('given a request that writes, when a client is asked for it, then it throws before anything is dialled', async () => {
    const client = clientFor(resolvedFor('http://127.0.0.1:1'));
    const request = {
      method: 'DELETE',
      path: '/api/v1/nodes/a',
      accept: '*/*',
    } as unknown as ApiRequest;
    await expect(client.request(request, never)).rejects.toThrow('refused');
    expect(client.stats().dials).toBe(0);
    await client.close();
  });
});
