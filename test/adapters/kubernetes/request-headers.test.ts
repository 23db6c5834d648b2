import { describe, expect, it } from 'vitest';
import { requestHeaders } from '../../../src/adapters/kubernetes/request-headers.ts';

const headersOf = requestHeaders({ impersonate: null, compression: false }, '1');
const request = { method: 'GET', path: '/', accept: 'application/json' } as const;

describe('requestHeaders', () => {
  it('given a tenant, when it is asked through the API server, then its header is there; else it is not', () => {
    const secret = { authorization: null };
    expect(headersOf({ ...request, tenant: 'shop' }, secret, true)).toMatchObject({
      'x-scope-orgid': 'shop',
    });
    expect(headersOf(request, secret, true)).not.toHaveProperty('x-scope-orgid');
  });
});
