import { describe, expect, it } from 'vitest';
import { lastWords } from '../../src/probes/meta.ts';

describe('last words of a container', () => {
  it('given few, then they are kept as they are, in one line', () => {
    expect(lastWords(' out of\nmemory\u001b[31m ')).toBe('out of memory');
    expect(lastWords(undefined)).toBe('');
  });

  it('given the end of a long log, then its beginning and what it ended with are kept', () => {
    const words = lastWords(
      `began here ${'line '.repeat(2000)}"member 294 has already been bootstrapped"`,
    );
    expect(words).toMatch(/^began here .*… .*has already been bootstrapped"$/);
    expect(words.length).toBeLessThan(1100);
  });

  it('given a cut within a character, then no half of it is left', () => {
    expect(lastWords(`${'😀'.repeat(900)}x`).isWellFormed()).toBe(true);
  });
});
