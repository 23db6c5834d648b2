import { writeSync } from 'node:fs';
import type { AttachedTerminal } from '../kernel/effect-ports.ts';
import { DetachKeys } from './detach-keys.ts';

/** The terminal of this program while something else has it. */
export interface PersonTerminal {
  readonly terminal: AttachedTerminal;
  /** Nothing is read or written any more, and the terminal is as one expects it. May be called twice. */
  close(): void;
}

/**
 * What programs over there switch on and may not get to switch off: the other screen, the mouse, marked pastes, reports
 * of focus, keys of a keypad, a hidden cursor, a scrolling region, colours, other letters, no line wrap.
 */
export const sane = [
  '\u001b[?1049l\u001b[?1000l\u001b[?1002l\u001b[?1003l\u001b[?1004l\u001b[?1006l\u001b[?2004l',
  '\u001b[?1l\u001b>\u001b[?25h\u001b[r\u001b[0m\u001b(B\u001b[?7h',
].join('');

/** Puts the keyboard and the screen of this process into the hands of whoever gets the terminal. */
export const personTerminal = (signal: AbortSignal): PersonTerminal => {
  const { stdin, stdout } = process;
  const encoder = new TextEncoder();
  const keys = new DetachKeys();
  const typed: Uint8Array[] = [];
  let over = false;
  let wake = (): void => {};

  const end = (): void => {
    over = true;
    wake();
  };
  const read = (chunk: string | Uint8Array): void => {
    // A screen that had the keyboard before has it read as text.
    const bytes = typeof chunk === 'string' ? encoder.encode(chunk) : chunk;
    const { passed, left } = keys.take(bytes);
    if (passed.length > 0) typed.push(passed);
    if (left) return end();
    wake();
  };
  const input: AsyncIterable<Uint8Array> = {
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const chunk = typed.shift();
        if (chunk !== undefined) yield chunk;
        else if (over) return;
        else
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
      }
    },
  };
  const restore = (): void => {
    try {
      stdin.setRawMode(false);
      writeSync(stdout.fd, sane);
    } catch {
      // The terminal is gone: there is nothing to put in order.
    }
  };

  stdin.setRawMode(true);
  stdin.ref();
  stdin.on('data', read);
  // Whoever asked questions before has paused it.
  stdin.resume();
  stdin.on('end', end);
  stdin.on('error', end);
  signal.addEventListener('abort', end, { once: true });
  // However the process ends, it does not leave the terminal as it is over there.
  process.once('exit', restore);

  let closed = false;
  return {
    terminal: {
      input,
      write: (bytes) => {
        if (!closed) stdout.write(bytes);
      },
      size: () => ({ columns: stdout.columns ?? 80, rows: stdout.rows ?? 24 }),
      onResize: (listener) => {
        stdout.on('resize', listener);
        return () => void stdout.off('resize', listener);
      },
    },
    close: () => {
      if (closed) return;
      closed = true;
      end();
      // Not paused: that takes effect later, and would take the keyboard from whoever has it by then.
      stdin.off('data', read);
      stdin.off('end', end);
      stdin.off('error', end);
      signal.removeEventListener('abort', end);
      process.off('exit', restore);
      restore();
      stdin.unref();
    },
  };
};
