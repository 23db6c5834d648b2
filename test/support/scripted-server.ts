import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Script } from './scripted-api.ts';

export interface ScriptedServer {
  readonly url: string;
  script: Script;
  /** Requests so far: path and query. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

/** A script behind a real socket, in plain HTTP on loopback. A broken body resets its connection. */
export const startScriptedServer = async (script: Script): Promise<ScriptedServer> => {
  const requests: string[] = [];
  const state = { script };
  const server: Server = createServer((request, response) => {
    requests.push(request.url ?? '');
    const url = new URL(request.url ?? '/', 'http://api');
    const accept = request.headers.accept ?? '';
    const answered = state.script({ path: url.pathname, query: url.searchParams, accept });
    if (answered === null) {
      request.socket.destroy();
      return;
    }
    const { body } = answered;
    response.writeHead(answered.status, {
      'content-type': 'application/json',
      ...answered.headers,
    });
    response.flushHeaders();
    response.on('close', () => body.end());
    const copy = async () => {
      for await (const chunk of body) response.write(chunk);
      response.end();
    };
    copy().catch(() => request.socket.resetAndDestroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    get script() {
      return state.script;
    },
    set script(next) {
      state.script = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

/** A kubeconfig for it, as text; JSON is YAML too. */
export const scriptedKubeconfig = (url: string, namespace = 'default'): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'scripted',
    clusters: [{ name: 'scripted', cluster: { server: url } }],
    users: [{ name: 'nobody', user: {} }],
    contexts: [{ name: 'scripted', context: { cluster: 'scripted', user: 'nobody', namespace } }],
  });
