import { type IPty, spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';

export interface TerminalOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

interface CellStyle {
  /** Index in the 256 colours; -1 is the default. */
  readonly fg: number;
  readonly bg: number;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly inverse: boolean;
}

/** Neighbouring cells of one style. */
export interface Piece extends CellStyle {
  readonly text: string;
  readonly column: number;
  readonly columns: number;
}

const sameStyle = (a: CellStyle, b: CellStyle): boolean =>
  a.fg === b.fg && a.bg === b.bg && a.bold === b.bold && a.dim === b.dim && a.inverse === b.inverse;

/** A program in a real pseudo-terminal, and the screen that a person would see of it. */
export class Terminal {
  readonly #pty: IPty;
  readonly #screen: InstanceType<typeof xterm.Terminal>;
  readonly #changed = new Set<() => void>();
  /** Everything the program has written, in bytes. */
  written = 0;
  /** Raw text written since the last `takeRaw`. */
  #raw = '';
  readonly exited: Promise<{ readonly code: number; readonly signal: number }>;
  #code: number | null = null;

  constructor(file: string, args: readonly string[], options: TerminalOptions = {}) {
    const { columns = 80, rows = 24, env = {}, cwd = process.cwd() } = options;
    this.#screen = new xterm.Terminal({
      cols: columns,
      rows,
      allowProposedApi: true,
      scrollback: 1000,
    });
    this.#pty = spawn(file, [...args], {
      name: env.TERM ?? 'xterm-256color',
      cols: columns,
      rows,
      cwd,
      env: { ...baseEnv(), ...env },
    });
    this.#pty.onData((data) => {
      this.written += Buffer.byteLength(data);
      this.#raw += data;
      this.#screen.write(data, () => this.#tell());
    });
    this.exited = new Promise((resolve) => {
      this.#pty.onExit(({ exitCode, signal }) => {
        this.#code = exitCode;
        // What was written last must be on the screen before the exit is told.
        this.#screen.write('', () => {
          this.#tell();
          resolve({ code: exitCode, signal: signal ?? 0 });
        });
      });
    });
  }

  get pid(): number {
    return this.#pty.pid;
  }

  #tell(): void {
    for (const listener of [...this.#changed]) listener();
  }

  /** Lines of the visible screen, without trailing blanks. */
  lines(): readonly string[] {
    const { active } = this.#screen.buffer;
    return Array.from({ length: this.#screen.rows }, (_, y) =>
      (active.getLine(active.baseY + y)?.translateToString(true) ?? '').trimEnd(),
    );
  }

  text(): string {
    return this.lines().join('\n');
  }

  /** True while the program has the alternate screen. */
  get alternate(): boolean {
    return this.#screen.buffer.active.type === 'alternate';
  }

  /** Rows that are painted reversed from their first cell on, e.g. the cursor's. */
  reversedRows(): readonly number[] {
    const { active } = this.#screen.buffer;
    return Array.from({ length: this.#screen.rows }, (_, y) => y).filter(
      (y) =>
        active
          .getLine(active.baseY + y)
          ?.getCell(2)
          ?.isInverse() !== 0,
    );
  }

  /** What is behind one cell, as a word that is the same for the same ground. Cheap enough to ask at every change. */
  groundAt(row: number, column: number): string {
    const { active } = this.#screen.buffer;
    const cell = active.getLine(active.baseY + row)?.getCell(column);
    if (cell === undefined) return '-';
    if (cell.isInverse() !== 0) return `inverse ${cell.getFgColor()}`;
    return cell.isBgDefault() ? '-' : String(cell.getBgColor());
  }

  /** The visible screen as pieces of one style each, row by row. */
  pieces(): readonly (readonly Piece[])[] {
    const { active } = this.#screen.buffer;
    return Array.from({ length: this.#screen.rows }, (_, y) => {
      const row = active.getLine(active.baseY + y);
      const pieces: Piece[] = [];
      for (let x = 0; x < this.#screen.cols; x += 1) {
        const cell = row?.getCell(x);
        if (cell === undefined || cell.getWidth() === 0) continue;
        const style = {
          fg: cell.isFgDefault() ? -1 : cell.getFgColor(),
          bg: cell.isBgDefault() ? -1 : cell.getBgColor(),
          bold: cell.isBold() !== 0,
          dim: cell.isDim() !== 0,
          inverse: cell.isInverse() !== 0,
        };
        const last = pieces.at(-1);
        const chars = cell.getChars() === '' ? ' ' : cell.getChars();
        if (last !== undefined && sameStyle(last, style)) {
          pieces[pieces.length - 1] = {
            ...last,
            text: last.text + chars,
            columns: last.columns + cell.getWidth(),
          };
        } else pieces.push({ ...style, text: chars, column: x, columns: cell.getWidth() });
      }
      return pieces;
    });
  }

  takeRaw(): string {
    const raw = this.#raw;
    this.#raw = '';
    return raw;
  }

  /** The same, without taking it. */
  peekRaw(): string {
    return this.#raw;
  }

  /** Writes on the screen behind the program's back, as another process on the same terminal does. */
  async scribble(text: string): Promise<void> {
    await new Promise<void>((resolve) => this.#screen.write(text, resolve));
  }

  /** Takes the terminal away, as closing its window does. */
  hangUp(): void {
    // The declared type leaves out what every implementation has.
    (this.#pty as IPty & { destroy(): void }).destroy();
  }

  send(keys: string): void {
    this.#pty.write(keys);
  }

  resize(columns: number, rows: number): void {
    this.#pty.resize(columns, rows);
    this.#screen.resize(columns, rows);
  }

  pause(): void {
    this.#pty.pause();
  }

  resume(): void {
    this.#pty.resume();
  }

  kill(signal: NodeJS.Signals): void {
    if (this.#code === null) process.kill(this.#pty.pid, signal);
  }

  /** Waits until the screen satisfies the condition; the screen is in the error when it does not. */
  async until(
    condition: string | RegExp | ((text: string) => boolean),
    withinMs = 15_000,
  ): Promise<string> {
    const holds = (text: string): boolean =>
      typeof condition === 'function'
        ? condition(text)
        : typeof condition === 'string'
          ? text.includes(condition)
          : condition.test(text);
    if (holds(this.text())) return this.text();
    return await new Promise((resolve, reject) => {
      const done = (act: () => void) => {
        clearTimeout(timer);
        this.#changed.delete(look);
        act();
      };
      const look = () => {
        const text = this.text();
        if (holds(text)) done(() => resolve(text));
        else if (this.#code !== null)
          done(() => reject(new Error(`the program ended (${this.#code}):\n${text}`)));
      };
      const timer = setTimeout(
        () =>
          done(() =>
            reject(
              new Error(
                `not on the screen within ${withinMs} ms: ${String(condition)}\n${this.text()}`,
              ),
            ),
          ),
        withinMs,
      );
      this.#changed.add(look);
      look();
    });
  }

  /** Resolves once nothing has been written for the given time. */
  async quiet(ms: number): Promise<void> {
    let before = -1;
    while (before !== this.written) {
      before = this.written;
      await new Promise((resolve) => setTimeout(resolve, ms));
    }
  }

  /** Ends the program if it still runs. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.kill('SIGKILL');
    await this.exited;
  }
}

/** An environment that does not depend on who runs the tests. */
const baseEnv = (): Record<string, string> => ({
  PATH: process.env.PATH ?? '',
  HOME: process.env.HOME ?? '/root',
  LANG: 'C.UTF-8',
  TERM: 'xterm-256color',
});
