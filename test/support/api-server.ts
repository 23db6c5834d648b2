import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createPlain } from 'node:http';
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import { createServer as createTls } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { TestPair } from './test-pki.ts';

export type ScriptedRequest = IncomingMessage | Http2ServerRequest;
export type ScriptedResponse = ServerResponse | Http2ServerResponse;
/** Answers one request; called with its number, from 1. */
export type Script = (request: ScriptedRequest, response: ScriptedResponse, n: number) => void;

export interface ScriptedServerOptions {
  readonly tls?: TestPair | undefined;
  readonly protocol?: 'h2' | 'http/1.1';
  /** Client certificates are asked for, and required when `must`. */
  readonly clients?: { readonly ca: string; readonly must: boolean };
  readonly port?: number;
}

export interface ScriptedServer {
  readonly url: string;
  readonly port: number;
  /** Connections accepted so far. */
  readonly connections: () => number;
  readonly open: () => number;
  readonly requests: () => number;
  /** As a crash would: every connection ends at once. */
  readonly cut: () => void;
  readonly close: () => Promise<void>;
}

/** A local server that answers by a script, over HTTP/2, HTTP/1.1 with TLS, or plain HTTP. */
export const startScriptedServer = async (
  script: Script,
  { tls, protocol = 'h2', clients, port = 0 }: ScriptedServerOptions = {},
): Promise<ScriptedServer> => {
  const sockets = new Set<Socket>();
  let accepted = 0;
  let asked = 0;
  const answer = (request: ScriptedRequest, response: ScriptedResponse): void => {
    asked += 1;
    script(request, response, asked);
  };
  const secure = {
    cert: tls?.cert,
    key: tls?.key,
    ...(clients === undefined
      ? {}
      : { requestCert: true, rejectUnauthorized: clients.must, ca: clients.ca }),
  };
  const server =
    tls === undefined
      ? createPlain(answer)
      : protocol === 'h2'
        ? createSecureServer({ ...secure, allowHTTP1: true }, answer)
        : createTls(secure, answer);
  server.on('connection', (socket: Socket) => {
    accepted += 1;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', () => {});
  server.on('sessionError', () => {});
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const bound = (server.address() as AddressInfo).port;
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${bound}`,
    port: bound,
    connections: () => accepted,
    open: () => sockets.size,
    requests: () => asked,
    cut,
    close: async () => {
      cut();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
};

/** Common name of the client certificate that a request came with; '' without one. */
export const clientOf = (request: ScriptedRequest): string => {
  const socket = (
    'stream' in request ? request.stream.session?.socket : request.socket
  ) as TLSSocket;
  const name = socket?.getPeerCertificate?.().subject?.CN;
  return Array.isArray(name) ? (name[0] ?? '') : (name ?? '');
};

export const respond = (response: ScriptedResponse, status: number, body: string): void => {
  const plain = response as ServerResponse;
  plain.writeHead(status, { 'content-type': 'application/json' });
  plain.end(body);
};
