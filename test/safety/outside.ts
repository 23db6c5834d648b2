import { ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import { vi } from 'vitest';

/** Ways out of this process, watched at their narrowest place. */
export interface Outside {
  /** `host:port` or the path of a socket, of every attempt that was not allowed; none of them was made. */
  readonly dialled: readonly string[];
  /** Programs that were to be started; none of them was. */
  readonly started: readonly string[];
}

const targetOf = (args: readonly unknown[]): string => {
  const [first, second] = args.flat() as readonly unknown[];
  if (typeof first === 'object' && first !== null) {
    const { host = 'localhost', port = '', path } = first as Record<string, unknown>;
    return typeof path === 'string' && port === '' ? path : `${host}:${port}`;
  }
  return typeof first === 'string' && !/^\d+$/.test(first)
    ? first
    : `${typeof second === 'string' ? second : 'localhost'}:${first}`;
};

/**
 * Lets connections be opened to one port of this machine and to nothing else, and no program be started, until
 * `vi.restoreAllMocks`.
 * @param port Null: to nothing at all.
 */
export const onlyOutside = (port: number | null): Outside => {
  const dialled: string[] = [];
  const started: string[] = [];
  const connect = Socket.prototype.connect;
  vi.spyOn(Socket.prototype, 'connect').mockImplementation(function (
    this: Socket,
    ...args: unknown[]
  ) {
    const target = targetOf(args);
    if (port !== null && target.endsWith(`:${port}`)) {
      return Reflect.apply(connect, this, args) as Socket;
    }
    dialled.push(target);
    const refused = Object.assign(new Error(`connect ECONNREFUSED ${target}`), {
      code: 'ECONNREFUSED',
    });
    process.nextTick(() => this.destroy(refused));
    return this;
  });
  const spawn = ChildProcess.prototype as unknown as { spawn(options: { file: string }): unknown };
  vi.spyOn(spawn, 'spawn').mockImplementation(({ file }) => {
    started.push(file);
    throw new Error(`no program is started here: ${file}`);
  });
  return { dialled, started };
};
