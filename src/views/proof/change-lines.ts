import type { Freshness } from '../../kernel/freshness.ts';
import type { Change } from '../../kernel/probe.ts';
import { changeLine } from '../parts/change-line.ts';
import { blank, type Line, line, span } from '../parts/line.ts';
import { ageOf, ago, dateUtc } from '../parts/words.ts';
import { rule, wrap } from '../parts/wrap.ts';
import type { ViewInput } from '../view.ts';

const heardText = (f: Freshness, { now }: ViewInput): string => {
  if (f.kind === 'never') return 'not read to the end yet';
  if (f.kind === 'fresh') return `heard ${ago(now - f.heard)}`;
  const why = f.kind === 'stale' ? f.why : f.failure.message;
  return `${f.heard === null ? 'never heard' : `last heard ${ago(now - f.heard)}`}: ${why}`;
};

/** A change, who told it, when, and how that source is now. */
export const changeProofLines = (change: Change, input: ViewInput): readonly Line[] => {
  const { world, now, width, glyphs } = input;
  const scopes = [...(world.slices.get(change.probe)?.scopes ?? [])].slice(0, 6);
  return [
    changeLine([change], width, glyphs),
    ...wrap(change.text, width - 4, 12).map((t) => line('   ', t)),
    blank,
    rule('based on', width, glyphs.rule),
    line(
      '  ',
      `told by ${(change.probe as string) === '' ? 'a person' : change.probe}, revision ${change.rev}`,
      span(`  ${dateUtc(change.at)}, ${ageOf(change.at, now)} ago`, 'dim'),
    ),
    ...scopes.map(([scope, f]) =>
      line(
        '  ',
        span(`${change.probe}${scope === '' ? '' : ` ${scope}`}: ${heardText(f, input)}`, 'dim'),
      ),
    ),
  ];
};
