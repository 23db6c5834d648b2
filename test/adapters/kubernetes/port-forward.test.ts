import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Duplex, PassThrough } from 'node:stream';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { podForward } from '../../../src/adapters/kubernetes/port-forward.ts';
import {
  FrameReader,
  longestFrame,
  maskedFrame,
} from '../../../src/adapters/kubernetes/port-forward-frames.ts';
import { PortForwardStream } from '../../../src/adapters/kubernetes/port-forward-stream.ts';
import { never, resolvedFor } from '../../support/api-client.ts';
import { settle } from '../../support/fake-clock.ts';
import { until } from '../../support/until.ts';

/** A frame as a server sends it. */
const frame = (opcode: number, payload: Uint8Array, last = true): Buffer => {
  const { length } = payload;
  const head =
    length < 126
      ? Buffer.from([length])
      : length < 65_536
        ? Buffer.from([126, length >> 8, length & 255])
        : Buffer.from([
            127,
            0,
            0,
            0,
            0,
            length >>> 24,
            (length >> 16) & 255,
            (length >> 8) & 255,
            length & 255,
          ]);
  return Buffer.concat([Buffer.from([(last ? 0x80 : 0) | opcode]), head, payload]);
};
const channel = (n: number, text: string): Buffer =>
  Buffer.concat([Buffer.from([n]), Buffer.from(text)]);
const portNumber = Buffer.from([0x85, 0x23]);
const opening = Buffer.concat([
  frame(2, Buffer.concat([Buffer.from([0]), portNumber])),
  frame(2, Buffer.concat([Buffer.from([1]), portNumber])),
]);

describe('frames of a WebSocket', () => {
  it('given any payload, when it is masked, then a server would read the same', () => {
    const sizes = fc.constantFrom(0, 1, 125, 126, 65_535, 65_536);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 4, maxLength: 4 }), sizes, (mask, size) => {
        const payload = new Uint8Array(size).map((_, i) => i & 255);
        const made = maskedFrame('binary', payload, mask);
        expect(made[0]).toBe(0x82);
        expect((made[1] ?? 0) & 0x80).toBe(0x80);
        const start = made.length - size;
        expect(made.subarray(start - 4, start)).toEqual(Buffer.from(mask));
        const read = made.subarray(start).map((byte, i) => byte ^ (mask[i & 3] ?? 0));
        expect(Buffer.from(read).equals(Buffer.from(payload))).toBe(true);
      }),
    );
  });

  it('given frames cut anywhere, when they are read, then they are the same', () => {
    const all = Buffer.concat([
      frame(2, Buffer.alloc(300, 7)),
      frame(9, Buffer.from('hi')),
      frame(8, Buffer.alloc(0)),
    ]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: all.length }), { maxLength: 6 }), (cuts) => {
        const reader = new FrameReader();
        const edges = [0, ...cuts.sort((a, b) => a - b), all.length];
        const read = edges
          .slice(1)
          .flatMap((end, i) =>
            reader.push(all.subarray(edges[i], end)).map((f) => [f.kind, f.payload.length]),
          );
        expect(read).toEqual([
          ['binary', 300],
          ['ping', 2],
          ['close', 0],
        ]);
      }),
    );
  });

  it.each<[string, Buffer]>([
    ['a masked frame', maskedFrame('binary', Buffer.from('x'), Buffer.alloc(4))],
    ['an unknown kind', Buffer.from([0x83, 0])],
    ['reserved bits', Buffer.from([0xc2, 0])],
    ['a frame that is too long', frame(2, Buffer.alloc(longestFrame + 1)).subarray(0, 20)],
  ])('given %s, when it is read, then it throws', (_, bytes) => {
    expect(() => new FrameReader().push(bytes)).toThrow();
  });
});

describe('PortForwardStream', () => {
  const pair = (head: Uint8Array = Buffer.alloc(0)) => {
    const [toServer, toClient] = [new PassThrough(), new PassThrough()];
    const socket = Duplex.from({ readable: toClient, writable: toServer });
    const stream = new PortForwardStream(socket, head, 'pod');
    return { toServer, toClient, stream };
  };

  it('given data in pieces, when read, then port numbers, pings and other channels are not part of it', async () => {
    const { toClient, toServer, stream } = pair(opening);
    toClient.write(frame(2, channel(0, 'hel'), false));
    toClient.write(frame(9, Buffer.from('ping')));
    toClient.write(frame(0, Buffer.from('lo ')));
    toClient.write(frame(2, channel(7, 'nobody')));
    toClient.write(frame(2, channel(0, 'there')));
    toClient.write(frame(8, Buffer.from([3, 232])));
    let text = '';
    for await (const chunk of stream) text += chunk;
    expect(text).toBe('hello there');
    expect(stream.bytesRead).toBe(11);
    // It was answered: 0x8a is a pong.
    expect((toServer.read() as Buffer)[0]).toBe(0x8a);
  });

  it('given words on the error channel, even before anybody reads, when read, then it fails with them, cleaned', async () => {
    const { stream } = pair(
      Buffer.concat([opening, frame(2, channel(1, '\u001b[31mconnection refused'))]),
    );
    await settle();
    await expect(async () => {
      for await (const _ of stream) break;
    }).rejects.toMatchObject({ failure: { kind: 'unreachable', message: 'connection refused' } });
  });

  it('given a write, when it goes out, then on the channel of data', async () => {
    const { toServer, stream } = pair();
    stream.write('GET');
    await until('it is sent', () => toServer.readableLength > 0);
    const sent = toServer.read() as Buffer;
    const mask = sent.subarray(2, 6);
    expect(Buffer.from(sent.subarray(6).map((byte, i) => byte ^ (mask[i & 3] ?? 0)))).toEqual(
      channel(0, 'GET'),
    );
    stream.destroy();
  });
});

describe('podForward', () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  const open = async (
    accept: (key: string) => string | null,
    refusal = { status: 403, body: '' },
    token?: string,
  ) => {
    const seen: { url?: string | undefined; authorization?: string | undefined }[] = [];
    server = createServer((request, response) => {
      seen.push({ url: request.url, authorization: request.headers.authorization });
      response.writeHead(refusal.status).end(refusal.body);
    });
    server.on('upgrade', (request, socket) => {
      seen.push({ url: request.url, authorization: request.headers.authorization });
      const answer = accept(request.headers['sec-websocket-key'] ?? '');
      if (answer === null) {
        socket.end(
          `HTTP/1.1 ${refusal.status} no\r\ncontent-length: ${refusal.body.length}\r\n\r\n${refusal.body}`,
        );
        return;
      }
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: ${answer}\r\nsec-websocket-protocol: v4.channel.k8s.io\r\n\r\n`,
      );
      socket.write(Buffer.concat([opening, frame(2, channel(0, 'hello'))]));
      socket.on('error', () => {});
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const secret = {
      authorization: token === undefined ? null : `Bearer ${token}`,
      certificate: null,
    };
    const forward = podForward({
      resolved: resolvedFor(`http://127.0.0.1:${port}/prefix`),
      credential: { current: async () => ({ ok: true, value: secret }), invalidate: () => false },
      version: 'test',
    });
    const result = await forward({ namespace: 'a', name: 'b', port: 9093 }, never);
    return { result, seen };
  };
  const right = (key: string) =>
    createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');

  it('given a server that agrees, when opened, then the bytes of the pod come, and over plain http no credential goes', async () => {
    const { result, seen } = await open(right, undefined, 'sesame');
    if (!result.ok) throw new Error(result.failure.message);
    const first = await new Promise((resolve) =>
      result.value.once('data', (c: Buffer) => resolve(c.toString())),
    );
    expect(first).toBe('hello');
    expect(seen).toEqual([
      {
        url: '/prefix/api/v1/namespaces/a/pods/b/portforward?ports=9093',
        authorization: undefined,
      },
    ]);
    result.value.destroy();
  });

  it('given something that only looks like a WebSocket, when opened, then it is refused', async () => {
    const { result } = await open(() => 'wrong');
    expect(result).toMatchObject({ ok: false, failure: { kind: 'undecodable' } });
  });

  it('given a server that refuses, when opened, then its words are told, and what to ask for', async () => {
    const body = JSON.stringify({ kind: 'Status', message: 'pods "b" is forbidden' });
    const { result } = await open(() => null, { status: 403, body });
    expect(result).toMatchObject({
      ok: false,
      failure: {
        kind: 'forbidden',
        message: 'pods "b" is forbidden',
        hint: expect.stringContaining('get and create'),
      },
    });
  });
});
