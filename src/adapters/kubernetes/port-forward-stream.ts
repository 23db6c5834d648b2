import { randomBytes } from 'node:crypto';
import { Duplex } from 'node:stream';
import { failure } from '../../kernel/failure.ts';
import { clip, plainText } from '../../kernel/text.ts';
import { ApiError } from './network-failure.ts';
import { FrameReader, maskedFrame } from './port-forward-frames.ts';

/** Channels of `v4.channel.k8s.io` for the first port: its bytes, and what went wrong with them. */
const data = 0;
const errors = 1;
/** Both channels begin with the number of the port in two bytes. */
const portBytes = 2;

/**
 * The bytes of one connection to a port of a pod, over an upgraded WebSocket. Ends when either side does; an error
 * that the node reports destroys it with the node's words. The socket is ended with it.
 */
export class PortForwardStream extends Duplex {
  /** Of the pod's bytes, as a socket counts them. */
  bytesRead = 0;
  bytesWritten = 0;
  readonly #socket: Duplex;
  readonly #reader = new FrameReader();
  readonly #where: string;
  /** Bytes of the port number that are still to come, by channel. */
  readonly #head = [portBytes, portBytes];
  /** Channel of a message that goes on in the next frame. */
  #channel = data;

  constructor(socket: Duplex, head: Uint8Array, where: string) {
    super({ allowHalfOpen: false });
    this.#socket = socket;
    this.#where = where;
    socket.on('end', () => this.push(null));
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => this.destroy());
    socket.pause();
    if (head.length > 0) socket.unshift(head);
    // Until somebody reads nobody listens, and an error without a listener ends the process.
    this.on('error', () => {});
  }

  override _read(): void {
    if (this.#socket.listenerCount('data') === 0) {
      this.#socket.on('data', (chunk: Uint8Array) => this.#receive(chunk));
    }
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: (error?: Error | null) => void): void {
    this.bytesWritten += chunk.length;
    const message = Buffer.allocUnsafe(chunk.length + 1);
    message[0] = data;
    message.set(chunk, 1);
    this.#socket.write(maskedFrame('binary', message, randomBytes(4)), done);
  }

  override _final(done: (error?: Error | null) => void): void {
    // Code 1000: a normal end.
    this.#socket.end(maskedFrame('close', Uint8Array.of(3, 232), randomBytes(4)), () => done());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }

  #receive(chunk: Uint8Array): void {
    try {
      for (const { kind, payload } of this.#reader.push(chunk)) {
        if (kind === 'close') this.push(null);
        else if (kind === 'ping') {
          this.#socket.write(maskedFrame('pong', payload, randomBytes(4)));
        } else if (kind === 'binary' || kind === 'text') {
          this.#channel = payload[0] ?? data;
          this.#take(payload.subarray(1));
        } else if (kind === 'more') this.#take(payload);
      }
    } catch (error) {
      this.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #take(bytes: Uint8Array): void {
    const skip = Math.min(bytes.length, this.#head[this.#channel] ?? 0);
    if (skip > 0) this.#head[this.#channel] = (this.#head[this.#channel] ?? 0) - skip;
    const rest = bytes.subarray(skip);
    if (rest.length === 0) return;
    if (this.#channel === data) {
      this.bytesRead += rest.length;
      if (!this.push(rest)) this.#socket.pause();
    } else if (this.#channel === errors) {
      const said = clip(plainText(new TextDecoder().decode(rest).trim()), 500);
      const hint = 'check that the pod runs and listens on this port';
      const on = this.#where;
      this.destroy(new ApiError(failure('unreachable', 'port-forward', said, { on, hint })));
    }
  }
}
