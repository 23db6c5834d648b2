import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clipText,
  columnsOf,
  glyphsOf,
  wrapLabel,
} from '../../../src/runbooks/layout/label-wrap.ts';

const wrapped = (text: string, limit: number) => wrapLabel([text], limit, 20, '…');

describe('wrapping labels', () => {
  it('given words, when they are wrapped, then lines are about equally long', () => {
    expect(wrapped('Read previous container logs', 20)).toEqual([
      'Read previous',
      'container logs',
    ]);
  });

  it('given a long word, when it is wrapped, then it is parted at a seam', () => {
    expect(wrapped('Alert: etcd_disk_quota_exceeded', 16)).toEqual([
      'Alert:',
      'etcd_disk_quota_',
      'exceeded',
    ]);
    expect(wrapped('KubePodCrashLooping fires', 14)).toEqual(['KubePodCrash', 'Looping fires']);
  });

  it('given Chinese, when it is wrapped, then no line begins with what closes', () => {
    expect(wrapped('检查磁盘，然后清理。', 10)).toEqual(['检查磁盘，', '然后清理。']);
  });

  it('given an emoji of several signs or a combining mark, when it is wrapped, then it stays whole', () => {
    expect(wrapped('👩‍🚒👩‍🚒👩‍🚒', 4)).toEqual(['👩‍🚒👩‍🚒', '👩‍🚒']);
    expect(glyphsOf('e\u0301a').map((glyph) => glyph.text)).toEqual(['e\u0301', 'a']);
  });

  it('given too many lines, when it is wrapped, then the last one says so', () => {
    expect(wrapLabel(['one two three four'], 5, 2, '…')).toEqual(['one', 'two…']);
  });

  it('given any text, when it is wrapped, then lines fit and only spaces are lost', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 60 }),
        fc.integer({ min: 4, max: 40 }),
        (raw, limit) => {
          const text = glyphsOf(raw)
            .map((glyph) => glyph.text)
            .join('');
          const lines = wrapLabel([text], limit, 200, '…');
          for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(limit);
          expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
          expect(columnsOf(clipText(text, limit, '…'))).toBeLessThanOrEqual(limit);
        },
      ),
    );
  });
});
