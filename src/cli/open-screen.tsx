import { writeSync } from 'node:fs';
import { render } from 'ink';
import { shortMoves } from '../views/parts/short-moves.ts';
import { Shell, type ShellModel, type TerminalHandle } from '../views/shell.tsx';

export interface OpenScreen {
  readonly terminal: TerminalHandle;
  /** Ends the screen; the exit code of the program. */
  close(code: number): void;
  redraw(): void;
  /** Somebody else has the terminal until the promise is settled; then the screen is painted anew. */
  lend(use: () => Promise<void>): Promise<void>;
  /** The exit code, when the screen is closed and the terminal is as it was. */
  readonly closed: Promise<number>;
}

/** 128 + the signal's number, as a shell reports it. */
const codes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129, SIGQUIT: 131 } as const;

/** Erases the screen and puts the cursor into its first cell. */
const wipe = '\u001b[2J\u001b[H';

// The alternate screen begins where the cursor was, which is behind the echo of what was typed before us.
const atLineStart = (): void => void process.stdout.write('\r');

/** What is painted goes out in fewer bytes; everything else is the stream itself. */
const briefly = (stream: NodeJS.WriteStream): NodeJS.WriteStream => {
  const write: typeof stream.write = (chunk: string | Uint8Array, ...rest: unknown[]) => {
    const brief = typeof chunk === 'string' ? shortMoves(chunk) : chunk;
    return Reflect.apply(stream.write, stream, [brief, ...rest]) as boolean;
  };
  return new Proxy(stream, {
    get: (target, name) => {
      if (name === 'write') return write;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
};

/**
 * Puts the shell on the alternate screen. However it ends, by key, signal or a bug, the terminal is restored, and a
 * bug is told on stderr afterwards, where it can be read.
 */
export const openScreen = (model: ShellModel): OpenScreen => {
  const terminal: TerminalHandle = { suspend: null };
  let code = 0;
  atLineStart();
  const shell = () => <Shell model={model} terminal={terminal} />;
  const app = render(shell(), {
    stdout: briefly(process.stdout),
    alternateScreen: true,
    incrementalRendering: true,
    maxFps: 60,
    // Decided by the caller: the library would paint nothing where CI is set.
    interactive: true,
    exitOnCtrlC: false,
  });
  let lent = false;
  // Whatever else has written on the screen, and wherever it has left the cursor: wipe it, and paint every row.
  const redraw = () => {
    if (lent) return;
    app.clear();
    process.stdout.write(wipe);
    app.rerender(shell());
  };
  // A terminal that changes its size moves, wraps or drops rows as it likes: what is where is not known any more.
  process.stdout.on('resize', redraw);
  const lend = async (use: () => Promise<void>) => {
    if (terminal.suspend === null) throw new Error('the screen is not there yet');
    lent = true;
    try {
      await terminal.suspend(use);
    } finally {
      lent = false;
      redraw();
    }
  };
  const close = (with_: number) => {
    code = with_;
    app.unmount();
  };
  const handlers = Object.entries(codes).map(([name, value]) => {
    const handler = () => close(value);
    process.on(name, handler);
    return () => process.off(name, handler);
  });
  const closed = app
    .waitUntilExit()
    .then(
      () => code,
      (cause: unknown) => {
        process.stderr.write(
          `midwatch failed: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}\n`,
        );
        return 70;
      },
    )
    .finally(() => {
      for (const off of handlers) off();
      process.stdout.off('resize', redraw);
    });
  return { terminal, close, redraw, lend, closed };
};

/** Long enough for a stop to take hold; counted only while the process runs. */
const stopTime = 250;

/**
 * Ctrl+Z: gives the terminal back to the shell that started us, and takes it again on `fg`. Where no shell would bring
 * us back, the system does not stop us, and the screen returns at once.
 */
export const suspendProcess = async (terminal: TerminalHandle): Promise<void> => {
  await terminal.suspend?.(
    () =>
      new Promise<void>((resolve) => {
        const back = () => {
          clearTimeout(running);
          process.off('SIGCONT', back);
          atLineStart();
          resolve();
          // The size may have changed, and only who has the terminal is told.
          process.kill(process.pid, 'SIGWINCH');
        };
        // It also holds the process: without the keyboard, nothing else may be left to wait for.
        const running = setTimeout(back, stopTime);
        process.on('SIGCONT', back);
        process.kill(0, 'SIGTSTP');
      }),
  );
};

/** OSC 52: most terminals put this on the clipboard, over SSH too; tmux needs it wrapped. */
export const copyToClipboard = (text: string): void => {
  const osc = `\u001b]52;c;${Buffer.from(text).toString('base64')}\u0007`;
  writeSync(
    1,
    process.env.TMUX === undefined
      ? osc
      : `\u001bPtmux;${osc.replaceAll('\u001b', '\u001b\u001b')}\u001b\\`,
  );
};
