import type { Disk, DiskFile } from '../../src/adapters/journal/disk.ts';

/** Steps at which a disk can be told to fail. */
export type DiskStep = 'create' | 'write' | 'sync' | 'truncate' | 'replace' | 'remove' | 'close';

const systemError = (code: string): Error => Object.assign(new Error(code), { code });

/**
 * A disk in memory that can be full, refuse, or lose power. What is not synced is lost with the power; a file that is
 * not synced before it takes another's place has lost its content.
 */
export class MemoryDisk implements Disk {
  readonly files = new Map<string, MemoryFile>();
  /** Bytes that still fit; a write that does not fit is done as far as it does. */
  room = Number.POSITIVE_INFINITY;
  /** Every step, in order. */
  readonly steps: DiskStep[] = [];
  /** Called before each step: may throw to make it fail. */
  before: (step: DiskStep, count: number) => void = () => undefined;

  step(step: DiskStep): void {
    this.steps.push(step);
    this.before(step, this.steps.length);
  }

  async create(path: string): Promise<DiskFile> {
    this.step('create');
    if (this.files.has(path)) throw systemError('EEXIST');
    const file = new MemoryFile(this);
    this.files.set(path, file);
    return file;
  }

  async replace(from: string, to: string): Promise<void> {
    this.step('replace');
    const file = this.files.get(from);
    if (file === undefined) throw systemError('ENOENT');
    this.files.delete(from);
    this.files.set(to, file);
  }

  async remove(path: string): Promise<void> {
    this.step('remove');
    this.files.delete(path);
  }

  async same(file: DiskFile, path: string): Promise<boolean> {
    return this.files.get(path) === file;
  }

  /** What is in a file now. */
  content(path: string): Buffer {
    return this.files.get(path)?.content ?? Buffer.alloc(0);
  }

  /** What would be in it after a loss of power. */
  durable(path: string): Buffer {
    return this.files.get(path)?.durable ?? Buffer.alloc(0);
  }
}

class MemoryFile implements DiskFile {
  readonly #disk: MemoryDisk;
  content: Buffer = Buffer.alloc(0);
  durable: Buffer = Buffer.alloc(0);

  constructor(disk: MemoryDisk) {
    this.#disk = disk;
  }

  async write(bytes: Uint8Array, position: number): Promise<void> {
    this.#disk.step('write');
    const grows = Math.max(0, position + bytes.length - this.content.length);
    const fits = Math.max(0, bytes.length - Math.max(0, grows - this.#disk.room));
    this.#disk.room -= Math.min(grows, Math.max(0, this.#disk.room));
    const next = Buffer.alloc(Math.max(this.content.length, position + fits));
    this.content.copy(next);
    next.set(bytes.subarray(0, fits), position);
    this.content = next;
    if (fits < bytes.length) throw systemError('ENOSPC');
  }

  async read(length: number, position: number): Promise<Buffer> {
    return Buffer.from(this.content.subarray(position, position + length));
  }

  async sync(): Promise<void> {
    this.#disk.step('sync');
    this.durable = Buffer.from(this.content);
  }

  async truncate(length: number): Promise<void> {
    this.#disk.step('truncate');
    this.content = Buffer.from(this.content.subarray(0, length));
  }

  async close(): Promise<void> {
    this.#disk.step('close');
  }

  async identity(): Promise<string> {
    return 'memory';
  }
}
