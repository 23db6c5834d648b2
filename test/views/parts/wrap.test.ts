import { describe, expect, it } from 'vitest';
import { lineText } from '../../../src/views/parts/line.ts';
import { rule } from '../../../src/views/parts/wrap.ts';

const ruled = (columns: number, right: string): string =>
  lineText(rule('alerts: 2 firing', columns, '─', right));

describe('a rule with something at its right', () => {
  it('given room, then it reaches from edge to edge with all of both', () => {
    expect(ruled(50, 'am-0 4s  am-1 5s')).toBe(
      `── alerts: 2 firing ${'─'.repeat(10)} am-0 4s  am-1 5s ──`,
    );
  });

  it('given less room, then the beginning of what is at the right stays', () => {
    expect(ruled(36, 'am-0 4s  am-1 5s')).toBe('── alerts: 2 firing  am-0 4s  am… ──');
  });

  it.each([24, 20, 10])(
    'given %d columns, then the rule fills them with the title alone',
    (columns) => {
      const text = ruled(columns, 'am-0 4s  am-1 5s');
      expect([...text]).toHaveLength(columns);
      expect(text).not.toContain('am');
    },
  );
});
