import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type MonitoringAnswer =
  | { readonly kind: 'json'; readonly body: unknown }
  | {
      readonly kind: 'raw';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string | Uint8Array;
    }
  /** Takes the question and says nothing. */
  | { readonly kind: 'silent' }
  /** Breaks the connection in the middle of the body. */
  | { readonly kind: 'cut'; readonly body: string };

/** Something that answers like an Alertmanager or a Prometheus, path by path. Unknown paths are 404. */
export interface ScriptedMonitoring {
  readonly url: string;
  /** By path without query. */
  readonly answers: Map<string, MonitoringAnswer>;
  /** Path and query of each request so far. */
  readonly requests: string[];
  close(): Promise<void>;
}

const give = (response: ServerResponse, answer: MonitoringAnswer | undefined): void => {
  if (answer === undefined) {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found\n');
    return;
  }
  switch (answer.kind) {
    case 'json':
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer.body));
      return;
    case 'raw':
      response.writeHead(answer.status, answer.headers).end(answer.body);
      return;
    case 'cut':
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '99999' });
      response.write(answer.body, () => response.socket?.destroy());
      return;
    case 'silent':
      return;
  }
};

export const startScriptedMonitoring = async (): Promise<ScriptedMonitoring> => {
  const answers = new Map<string, MonitoringAnswer>();
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const url = request.url ?? '/';
    requests.push(url);
    // Its clock is none of the test's, unless a test says so.
    response.sendDate = false;
    give(response, answers.get(url.split('?')[0] ?? url));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    answers,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

export const json = (body: unknown): MonitoringAnswer => ({ kind: 'json', body });
