import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { Agent } from 'undici';
import { scriptedKubeconfig } from '../../support/scripted-server.ts';
import type { ApiAccess } from '../api-client.ts';

export interface HoldingProxy {
  /** Writes that the server has carried out, and whose answers are kept back. */
  readonly held: readonly string[];
  readonly close: () => Promise<void>;
}

/** Stands before the API server, as its admin, on loopback; answers to what changes something never come back. */
export const holdingProxy = async (
  access: ApiAccess,
  kubeconfig: string,
): Promise<HoldingProxy> => {
  const agent = new Agent({
    bodyTimeout: 0,
    connect: {
      ca: readFileSync(access.ca),
      cert: readFileSync(access.cert),
      key: readFileSync(access.key),
    },
  });
  const held: string[] = [];
  const forward = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { host: _, connection: __, ...headers } = request.headers;
    const ended = new AbortController();
    response.on('close', () => ended.abort());
    const answer = await agent.request({
      origin: access.url,
      path: request.url ?? '',
      method: request.method as 'GET',
      headers: headers as Record<string, string | string[]>,
      body: chunks.length === 0 ? null : Buffer.concat(chunks),
      signal: ended.signal,
    });
    if (request.method === 'PATCH') {
      await answer.body.dump();
      held.push(`${request.method} ${request.url}`);
      return;
    }
    for (const name of ['content-type', 'content-encoding']) {
      const value = answer.headers[name];
      if (value !== undefined) response.setHeader(name, value);
    }
    response.statusCode = answer.statusCode;
    response.flushHeaders();
    await pipeline(answer.body, response);
  };
  const server = createServer((request, response) => {
    forward(request, response).catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  writeFileSync(
    kubeconfig,
    scriptedKubeconfig(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
  );
  return {
    held,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      await agent.destroy();
    },
  };
};
