import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { builtProgram } from '../../support/built.ts';
import { ownHome } from '../../support/midwatch.ts';

export interface Ran {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The built program without a terminal, as a script would start it. */
export class Command {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown[]>;
  #out = '';
  #err = '';

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#ended = once(child, 'close');
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#out += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#err += text;
    });
  }

  static async start(args: readonly string[]): Promise<Command> {
    const program = await builtProgram();
    const env = { PATH: process.env.PATH ?? '', ...ownHome() };
    return new Command(
      spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] }),
    );
  }

  get err(): string {
    return this.#err;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async ended(): Promise<Ran> {
    const [code] = await this.#ended;
    return { code: code as number | null, out: this.#out, err: this.#err };
  }
}

export const midwatch = async (...args: readonly string[]): Promise<Ran> =>
  (await Command.start(args)).ended();
