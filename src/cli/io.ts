/** Where a one-shot command reads and writes. Injected, so that a test needs no process. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  out(text: string): void;
  err(text: string): void;
  /** True when the output is a terminal that can be painted on. */
  readonly paints: boolean;
}

export const processIo = (): Io => ({
  env: process.env,
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  paints:
    process.stdin.isTTY === true && process.stdout.isTTY === true && process.env.TERM !== 'dumb',
});

/** What every command that meets a cluster can be told. */
export interface ClusterFlags {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace?: string;
  readonly as?: string;
  readonly asGroup?: readonly string[];
  readonly asUid?: string;
}
