import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { until } from './until.ts';

const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** A frame as a server sends it. */
export const serverFrame = (opcode: number, payload: Uint8Array, last = true): Buffer => {
  const { length } = payload;
  const head = length < 126 ? Buffer.from([length]) : Buffer.from([126, length >> 8, length & 255]);
  return Buffer.concat([Buffer.from([(last ? 0x80 : 0) | opcode]), head, payload]);
};

const onChannel = (channel: number, bytes: string | Uint8Array): Buffer =>
  Buffer.concat([Buffer.from([channel]), Buffer.from(bytes)]);

/** What a client says: the channel and the text behind it. */
export interface Heard {
  readonly opcode: number;
  readonly channel: number;
  readonly text: string;
}

/** A server at the other end of a session, on loopback, that says what a test has it say. */
export class ScriptedAttach {
  readonly asked: IncomingMessage[] = [];
  readonly heard: Heard[] = [];
  closed = false;
  readonly #server: Server;
  #socket: Duplex | null = null;
  #held: Buffer = Buffer.alloc(0);

  private constructor(protocol: string, refusal: string | null) {
    this.#server = createServer((_, response) => response.writeHead(500).end());
    this.#server.on('upgrade', (request, socket) => {
      this.asked.push(request);
      socket.on('error', () => {});
      if (refusal !== null) {
        socket.end(`HTTP/1.1 403 no\r\ncontent-length: ${refusal.length}\r\n\r\n${refusal}`);
        return;
      }
      const key = createHash('sha1')
        .update(`${request.headers['sec-websocket-key']}${guid}`)
        .digest('base64');
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: ${key}\r\nsec-websocket-protocol: ${protocol}\r\n\r\n`,
      );
      socket.on('data', (chunk: Buffer) => this.#read(chunk));
      socket.on('end', () => {
        this.closed = true;
        socket.end();
      });
      this.#socket = socket;
    });
  }

  static async open(protocol = 'v5.channel.k8s.io', refusal: string | null = null) {
    const one = new ScriptedAttach(protocol, refusal);
    await new Promise<void>((resolve) => one.#server.listen(0, '127.0.0.1', resolve));
    return one;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  #read(chunk: Buffer): void {
    this.#held = Buffer.concat([this.#held, chunk]);
    for (;;) {
      const [first = 0, second = 0] = this.#held;
      const length = second & 0x7f;
      // Whatever a test types is short.
      if (this.#held.length < 6 || length > 125 || this.#held.length < 6 + length) return;
      const mask = this.#held.subarray(2, 6);
      const plain = this.#held.subarray(6, 6 + length).map((b, i) => b ^ (mask[i & 3] ?? 0));
      this.heard.push({
        opcode: first & 15,
        channel: plain[0] ?? -1,
        text: new TextDecoder().decode(plain.subarray(1)),
      });
      this.#held = this.#held.subarray(6 + length);
    }
  }

  raw(bytes: Uint8Array): void {
    this.#socket?.write(bytes);
  }

  say(channel: number, bytes: string | Uint8Array): void {
    this.raw(serverFrame(2, onChannel(channel, bytes)));
  }

  /** The words on the error channel with which a session ends, and the end. */
  end(status: object): void {
    this.say(3, JSON.stringify(status));
    this.raw(serverFrame(8, Buffer.from([3, 232])));
  }

  drop(): void {
    this.#socket?.end();
  }

  async joined(): Promise<void> {
    await until('a session is open', () => this.#socket !== null);
  }

  async hears(channel: number, text: string): Promise<void> {
    await until(`the server hears ${text} on ${channel}`, () =>
      this.heard.some((h) => h.channel === channel && h.text === text),
    ).catch((cause: unknown) => {
      throw new Error(`${String(cause)}; it heard ${JSON.stringify(this.heard)}`);
    });
  }

  async close(): Promise<void> {
    this.#socket?.destroy();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
