import type { z } from 'zod';

const lineEnd = 0x0a;

export interface ReadLines<T> {
  readonly all: readonly T[];
  /** Bytes up to the end of the last whole line. What follows is still being written, or torn. */
  readonly length: number;
}

/** Values as lines of a file that several programs append to. */
export interface JsonLines<T> {
  /**
   * As bytes to be appended. The line end before them keeps them whole where somebody was killed within a line; empty
   * lines mean nothing.
   */
  bytesOf(values: readonly T[]): Buffer;
  /** Reads bytes that begin at a line, or anywhere in one when `within`: then from the next line on. */
  read(bytes: Buffer, within: boolean): ReadLines<T>;
}

/**
 * @param clean Makes a value printable, bounded and free of secrets; it is used in both directions, since other
 * programs write there too. `checked`: it has just passed the schema.
 */
export const jsonLines = <T>(
  schema: z.ZodType<T>,
  clean: (value: T, checked: boolean) => T,
): JsonLines<T> => {
  /** Of whole lines, in their order. A line that is torn, or of another program, is passed over. */
  const readAll = (text: string): readonly T[] =>
    text.split('\n').flatMap((line) => {
      if (line === '') return [];
      try {
        const parsed = schema.safeParse(JSON.parse(line));
        return parsed.success ? [clean(parsed.data, true)] : [];
      } catch {
        return [];
      }
    });
  return {
    bytesOf: (values) =>
      Buffer.from(`\n${values.map((v) => `${JSON.stringify(clean(v, false))}\n`).join('')}`),
    read: (bytes, within) => {
      const length = bytes.lastIndexOf(lineEnd) + 1;
      const start = within ? bytes.indexOf(lineEnd) + 1 : 0;
      return { all: readAll(bytes.toString('utf8', start, length)), length };
    },
  };
};
