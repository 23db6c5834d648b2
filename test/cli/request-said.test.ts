import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requestText } from '../../src/actions/request-text.ts';
import { requestSaid } from '../../src/cli/request-said.ts';
import type { EffectRequest } from '../../src/kernel/act.ts';

const id = '0b1c8f6e-7d15-4c43-9d39-4d1f2f4a8f11';
const body = fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.stringMatching(/^[ -~]{0,40}$/), {
  minKeys: 1,
  maxKeys: 4,
});
const host = fc.stringMatching(/^[a-z0-9.-]{1,20}:\d{2,5}$/);
const sourceName = fc.stringMatching(/^[a-z0-9]{1,10}\/(?:pod )?[a-z0-9-]{1,10}$/);

describe('a request that was written down', () => {
  it('given a request to etcd, when it is read back, then it is the same', () => {
    fc.assert(
      fc.property(host, body, fc.constantFrom('', '/prefix'), (to, data, prefix) => {
        const request: EffectRequest = {
          kind: 'etcd',
          cluster: 'main',
          endpoint: `https://${to}${prefix}`,
          path: '/v3/kv/compaction',
          body: JSON.stringify(data),
        };
        const { endpoint, path } = request;
        const said = requestSaid(requestText(request));
        expect(said).toEqual({ kind: 'etcd', endpoint, path, body: data });
      }),
    );
  });

  it('given one to an Alertmanager, when it is read back, then so are the source and the body', () => {
    fc.assert(
      fc.property(sourceName, body, (source, data) => {
        const request = { kind: 'alertmanager', cluster: 'am', sources: [source] } as const;
        const made = requestText({
          ...request,
          method: 'POST',
          path: '/api/v2/silences',
          body: JSON.stringify(data),
        });
        const ended = requestText({
          ...request,
          method: 'DELETE',
          path: `/api/v2/silence/${id}`,
          body: '',
        });
        expect(requestSaid(made)).toMatchObject({ method: 'POST', source, body: data });
        expect(requestSaid(ended)).toEqual({
          kind: 'alertmanager',
          method: 'DELETE',
          path: `/api/v2/silence/${id}`,
          source,
          body: null,
        });
      }),
    );
  });

  it('given one to the API server, with a list for a body or none, then it is read back', () => {
    const request = { kind: 'kubernetes', method: 'PATCH', path: '/api/v1/nodes/n1' } as const;
    const patch = requestText({ ...request, contentType: 'x', body: '[{"op":"test"}]' });
    expect(requestSaid(patch)).toEqual({ ...request, body: [{ op: 'test' }] });
    const bare = requestText({ ...request, method: 'DELETE', contentType: '', body: '' });
    expect(requestSaid(bare)).toEqual({ ...request, method: 'DELETE', body: null });
  });

  it('given a snapshot, then the file that it goes to', () => {
    const request: EffectRequest = {
      kind: 'etcd-snapshot',
      cluster: 'main',
      endpoint: 'https://10.0.0.1:2379',
      path: '/var/tmp/a file.db',
    };
    expect(requestSaid(requestText(request))).toEqual({
      kind: 'snapshot',
      endpoint: 'https://10.0.0.1:2379',
      path: '/var/tmp/a file.db',
    });
  });

  it.each([
    ['cut', '{"spec":{"note":"aaaaaaa…'],
    ['without its secret', '{"spec":{"password":"[redacted]"}}'],
  ])('given a body that is %s, then it is no body', (_, text) => {
    expect(requestSaid(`PATCH /api/v1/nodes/n1 ${text}`)).toMatchObject({ body: null });
  });

  it.each(['', 'GET logs of shop/cart-0, since 10m', 'attach to shop/cart-0', 'and 12 more'])(
    'given %j, then it is none of them',
    (text) => {
      expect(requestSaid(text)).toBeNull();
    },
  );

  it('given anything, then it is read in a moment and never throws', () => {
    fc.assert(fc.property(fc.string({ maxLength: 4000 }), (text) => void requestSaid(text)));
  });
});
