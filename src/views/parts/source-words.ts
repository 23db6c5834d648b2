import { briefNames } from '../../findings/alert-sources.ts';
import type { StreamSource } from '../../findings/alert-stream.ts';
import type { EpochMs } from '../../kernel/units.ts';
import type { Glyphs } from './glyphs.ts';
import { widthOf } from './line.ts';
import { ageOf, many } from './words.ts';

/** `am-0 4s`, `am-1 ◌ 2m`: a source that is well needs no sign. */
export const sourceText = (
  { name, tone, heard }: StreamSource,
  now: EpochMs,
  glyphs: Glyphs,
): string =>
  [name, tone === 'good' ? '' : glyphs[tone], heard === null ? 'never' : ageOf(heard, now)]
    .filter((part) => part !== '')
    .join(' ');

const brief = (sources: readonly StreamSource[]): readonly StreamSource[] => {
  const nameOf = briefNames(sources.map((s) => s.name));
  return sources.map((s) => ({ ...s, name: nameOf(s.name) }));
};

const count = (n: number, what: string): string => (n === 0 ? '' : `${n} ${what}`);

/** All sources in one text of at most `columns`; where there are too many, how many, and what is wrong with them. */
export const sourcesText = (
  sources: readonly StreamSource[],
  now: EpochMs,
  glyphs: Glyphs,
  columns: number,
): string => {
  if (sources.length === 0) return 'no alert source';
  const all = brief(sources)
    .map((s) => sourceText(s, now, glyphs))
    .join('  ');
  if (widthOf(all) <= columns) return all;
  const not = sources.filter((s) => s.tone !== 'good').length;
  const oldest = Math.min(...sources.map((s) => s.heard ?? 0));
  return [
    many(sources.length, 'source'),
    count(not, 'not well'),
    oldest === 0 ? 'one never heard' : `oldest ${ageOf(oldest, now)}`,
  ]
    .filter((part) => part !== '')
    .join(', ');
};
