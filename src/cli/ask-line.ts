import { createInterface } from 'node:readline/promises';

/**
 * Asks the person at the terminal for one line, beside the output of the program; null when there is none any more: at
 * its end, at ctrl-c, or when the signal aborts.
 */
export const askLine = async (question: string, signal: AbortSignal): Promise<string | null> => {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const left = new AbortController();
  lines.once('SIGINT', () => left.abort());
  lines.once('close', () => left.abort());
  try {
    return await lines.question(question, { signal: AbortSignal.any([signal, left.signal]) });
  } catch {
    process.stderr.write('\n');
    return null;
  } finally {
    lines.close();
  }
};
