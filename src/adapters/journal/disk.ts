import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A file that is being written. Rejections are the operating system's errors. */
export interface DiskFile {
  /** Writes all of it at the position. */
  write(bytes: Uint8Array, position: number): Promise<void>;
  read(length: number, position: number): Promise<Buffer>;
  /** Resolves when what was written would survive the loss of power. */
  sync(): Promise<void>;
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
  /** What tells this file from all others on the machine. */
  identity(): Promise<string>;
}

/** What a recorder needs of a file system. */
export interface Disk {
  /** A new file that only its owner can read; rejects with EEXIST when the name is taken. */
  create(path: string): Promise<DiskFile>;
  /** Puts one file in the place of another at once, durably. */
  replace(from: string, to: string): Promise<void>;
  /** Removes a file; there may be none. */
  remove(path: string): Promise<void>;
  /** Whether the name leads to this very file. */
  same(file: DiskFile, path: string): Promise<boolean>;
}

/** Recordings tell much about a cluster, even redacted. */
const onlyOwner = 0o600;

export const nodeDisk: Disk = {
  create: async (path) => {
    const file = new NodeFile(await open(path, 'wx+', onlyOwner));
    await syncDirectory(path);
    return file;
  },
  replace: async (from, to) => {
    await rename(from, to);
    await syncDirectory(to);
  },
  remove: (path) => rm(path, { force: true }),
  same: async (file, path) => (await file.identity()) === identityOf(await stat(path)),
};

const identityOf = ({ dev, ino }: { dev: number; ino: number }): string => `${dev}:${ino}`;

class NodeFile implements DiskFile {
  readonly #handle: FileHandle;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  async write(bytes: Uint8Array, position: number): Promise<void> {
    let done = 0;
    while (done < bytes.length) {
      const part = bytes.subarray(done);
      const { bytesWritten } = await this.#handle.write(part, 0, part.length, position + done);
      done += bytesWritten;
    }
  }

  async read(length: number, position: number): Promise<Buffer> {
    const { buffer, bytesRead } = await this.#handle.read(
      Buffer.alloc(length),
      0,
      length,
      position,
    );
    return buffer.subarray(0, bytesRead);
  }

  async sync(): Promise<void> {
    await this.#handle.datasync();
  }

  async truncate(length: number): Promise<void> {
    await this.#handle.truncate(length);
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  async identity(): Promise<string> {
    return identityOf(await this.#handle.stat());
  }
}

// Without this the name of a new file may be lost with the power although its content is not.
const syncDirectory = async (path: string): Promise<void> => {
  const directory = await open(dirname(path), 'r');
  try {
    await directory.sync();
  } catch (cause) {
    // Some file systems, network ones above all, cannot sync a directory; they order names themselves.
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EINVAL')) throw cause;
  } finally {
    await directory.close();
  }
};
