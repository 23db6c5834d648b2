import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent } from 'undici';
import { scriptedKubeconfig } from '../../support/scripted-server.ts';
import type { ApiAccess } from '../api-client.ts';

export interface Recorded {
  readonly method: string;
  readonly path: string;
  readonly contentType: string;
  readonly body: string;
}

export interface RecordingProxy {
  readonly url: string;
  /** Everything that was asked, in order. */
  readonly requests: readonly Recorded[];
  /** What was asked that is no reading and no review. */
  readonly writes: () => readonly Recorded[];
  /** The next write reaches the server, and its answer never comes back. */
  loseNextAnswer: () => void;
  clear: () => void;
  readonly close: () => Promise<void>;
}

/** Stands before the API server, as its admin, on loopback, and writes down every request to the letter. */
export const recordingProxy = async (
  access: ApiAccess,
  kubeconfig: string,
): Promise<RecordingProxy> => {
  const agent = new Agent({
    connect: {
      ca: readFileSync(access.ca),
      cert: readFileSync(access.cert),
      key: readFileSync(access.key),
    },
  });
  const requests: Recorded[] = [];
  let loses = false;
  const isWrite = ({ method, path }: Recorded): boolean =>
    method !== 'GET' && method !== 'HEAD' && !path.includes('/selfsubject');
  const forward = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const recorded: Recorded = {
      method: request.method ?? '',
      path: request.url ?? '',
      contentType: request.headers['content-type'] ?? '',
      body: body.toString(),
    };
    requests.push(recorded);
    const { host: _, connection: __, ...headers } = request.headers;
    const answer = await agent.request({
      origin: access.url,
      path: recorded.path,
      method: recorded.method as 'GET',
      headers: headers as Record<string, string | string[]>,
      body: body.length === 0 ? null : body,
    });
    const bytes = Buffer.from(await answer.body.arrayBuffer());
    if (loses && isWrite(recorded)) {
      loses = false;
      request.socket.destroy();
      return;
    }
    for (const name of ['content-type', 'content-encoding']) {
      const value = answer.headers[name];
      if (value !== undefined) response.setHeader(name, value);
    }
    response.statusCode = answer.statusCode;
    response.end(bytes);
  };
  const server = createServer((request, response) => {
    forward(request, response).catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  writeFileSync(kubeconfig, scriptedKubeconfig(url));
  return {
    url,
    requests,
    writes: () => requests.filter(isWrite),
    loseNextAnswer: () => {
      loses = true;
    },
    clear: () => requests.splice(0),
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      await agent.destroy();
    },
  };
};
