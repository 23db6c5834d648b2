import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request, as it came. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  /** It asked for another protocol than HTTP: a session. */
  readonly upgrade: boolean;
  /** How much stood in the audit when it came. */
  readonly audited: number;
}

export interface LoopbackServer {
  readonly url: string;
  readonly port: number;
  readonly asked: readonly Asked[];
  close(): Promise<void>;
}

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
};

const reviews: Readonly<Record<string, unknown>> = {
  '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews': { status: { allowed: true } },
  '/apis/authentication.k8s.io/v1/selfsubjectreviews': {
    status: { userInfo: { username: 'ana' } },
  },
};

/**
 * Stands in the place of an API server that lets everybody do everything, and whose objects are those that are looked
 * at: what then does not leave was held back by us. It writes down all that it is asked.
 * @param uidOf Of the object at a path; '' where there is none.
 * @param audited Asked for when something comes that is no GET.
 */
export const loopbackServer = async (
  uidOf: (path: string) => string,
  audited: () => number,
): Promise<LoopbackServer> => {
  const asked: Asked[] = [];
  const answer = (path: string): unknown => {
    const [route = ''] = path.split('?');
    const review = reviews[route];
    if (review !== undefined) return review;
    const name = decodeURIComponent(route.slice(route.lastIndexOf('/') + 1));
    const uid = uidOf(route);
    return uid === ''
      ? {
          kind: 'List',
          apiVersion: 'v1',
          metadata: { resourceVersion: '1', name },
          items: [],
          resources: [],
        }
      : { kind: 'Object', apiVersion: 'v1', metadata: { name, uid, labels: {} } };
  };
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = '', url: path = '' } = request;
    const known = method === 'GET' ? 0 : audited();
    asked.push({ method, path, body: await bodyOf(request), upgrade: false, audited: known });
    const isLog = /\/log(?:\?|$)/.test(path);
    response.setHeader('content-type', isLog ? 'text/plain' : 'application/json');
    response.end(isLog ? '2026-11-23T08:08:01.123456789Z hello\n' : JSON.stringify(answer(path)));
  };
  const server = createServer((request, response) => {
    serve(request, response).catch(() => request.socket.destroy());
  });
  server.on('upgrade', ({ method = '', url: path = '' }, socket) => {
    asked.push({ method, path, body: '', upgrade: true, audited: audited() });
    socket.destroy();
  });
  server.on('connect', ({ method = '', url: path = '' }, socket) => {
    asked.push({ method, path, body: '', upgrade: true, audited: audited() });
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
