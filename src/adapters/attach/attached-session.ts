import { randomBytes } from 'node:crypto';
import type { AttachedTerminal } from '../../kernel/effect-ports.ts';
import { failed, failure, ok, type Result } from '../../kernel/failure.ts';
import { clip, plainText } from '../../kernel/text.ts';
import { type FrameKind, FrameReader, maskedFrame } from '../kubernetes/port-forward-frames.ts';
import type { Upgraded } from '../kubernetes/websocket-upgrade.ts';

export interface AttachEnd {
  /** `ended`: the process over there did. `detached`: the person left, and it goes on. */
  readonly kind: 'ended' | 'detached';
  /** That came from over there. */
  readonly bytes: number;
}

/** Channels of a session; the first byte of each message names one. */
const channel = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4 } as const;

/** What the server says on the error channel at the end. */
const statusOf = (text: string): { readonly ok: boolean; readonly message: string } | null => {
  try {
    const said: unknown = JSON.parse(text);
    if (said === null || typeof said !== 'object' || !('status' in said)) return null;
    const message = 'message' in said ? String(said.message) : '';
    return { ok: said.status === 'Success', message: clip(plainText(message), 500) };
  } catch {
    return null;
  }
};

/**
 * Speaks the channels of an open session until the process ends, the person leaves, or the signal aborts. It fails with
 * `ended` where the connection goes before the server has said that the process is over.
 */
export const attachedSession = async (
  { socket, head }: Upgraded,
  tty: boolean,
  where: string,
  terminal: AttachedTerminal,
  signal: AbortSignal,
): Promise<Result<AttachEnd>> => {
  const send = (kind: FrameKind, payload: Uint8Array): boolean =>
    socket.writable && socket.write(maskedFrame(kind, payload, randomBytes(4)));
  const say = (to: number, bytes: Uint8Array): boolean =>
    send('binary', Buffer.concat([Uint8Array.of(to), bytes]));
  const resize = () => {
    const { columns, rows } = terminal.size();
    say(channel.resize, new TextEncoder().encode(JSON.stringify({ Width: columns, Height: rows })));
  };

  let bytes = 0;
  let errors = '';
  let broken: string | null = null;
  let left = false;
  const reader = new FrameReader();
  // A message may go on in frames that do not name the channel again.
  let at: number = channel.stdout;
  const take = (payload: Uint8Array) => {
    if (payload.length === 0) return;
    if (at === channel.stdout || at === channel.stderr) {
      bytes += payload.length;
      terminal.write(payload);
    } else if (at === channel.error && errors.length < 65_536) {
      errors += new TextDecoder().decode(payload);
    }
  };
  const receive = (chunk: Uint8Array) => {
    for (const { kind, payload } of reader.push(chunk)) {
      // Nothing comes behind it, and a server that does not hang up must not be waited for.
      if (kind === 'close') socket.destroy();
      else if (kind === 'ping') send('pong', payload);
      else if (kind === 'binary' || kind === 'text') {
        at = payload[0] ?? channel.stdout;
        take(payload.subarray(1));
      } else if (kind === 'more') take(payload);
    }
  };

  const closed = new Promise<void>((resolve) => {
    const failWith = (error: unknown) => {
      broken = error instanceof Error ? error.message : String(error);
      socket.destroy();
    };
    socket.on('data', (chunk: Uint8Array) => {
      try {
        receive(chunk);
      } catch (error) {
        failWith(error);
      }
    });
    socket.on('error', failWith);
    socket.on('end', () => socket.destroy());
    socket.on('close', () => resolve());
  });
  if (head.length > 0) socket.unshift(head);

  const leave = () => {
    left = true;
    socket.destroy();
  };
  signal.addEventListener('abort', leave, { once: true });
  if (signal.aborted) leave();
  const offResize = tty ? terminal.onResize(resize) : () => {};
  if (tty) resize();

  const typed = (async () => {
    for await (const chunk of terminal.input) {
      if (socket.destroyed) return;
      if (!say(channel.stdin, chunk)) await drained(socket);
    }
    leave();
  })().catch(leave);

  await closed;
  offResize();
  signal.removeEventListener('abort', leave);
  void typed;
  if (left) return ok({ kind: 'detached', bytes });
  const status = statusOf(errors);
  if (status?.ok === false && status.message !== '' && !/exit code/.test(status.message)) {
    return failed(failure('refused', 'attach', status.message, { on: where }));
  }
  if (status !== null) return ok({ kind: 'ended', bytes });
  // A server that is stopped says nothing on that channel, and the process goes on.
  const why = broken === null ? 'the connection ended' : `the connection broke: ${broken}`;
  return failed(failure('ended', 'attach', why, { on: where }));
};

const drained = (socket: Upgraded['socket']): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      socket.off('drain', done);
      socket.off('close', done);
      resolve();
    };
    socket.once('drain', done);
    socket.once('close', done);
  });
