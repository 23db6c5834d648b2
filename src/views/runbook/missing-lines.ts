import { labelOf } from '../../kernel/matchers.ts';
import type { RunAlert } from '../../kernel/run-fact.ts';
import { categoriesOf } from '../../runbooks/resolve/category.ts';
import { runbookAnnotations } from '../../runbooks/resolve/commit-annotation.ts';
import type { Resolution } from '../../runbooks/resolve/resolution.ts';
import { blank, type Line, line, span } from '../parts/line.ts';
import { wrap } from '../parts/wrap.ts';
import type { ViewInput } from '../view.ts';
import type { Shelf } from './desk.ts';

/** Which rules were tried for an alert without a runbook, and what would make one of them match. */
export const missingLines = (
  alert: RunAlert | null,
  resolution: Resolution | null,
  { library }: Shelf,
  { width, glyphs }: ViewInput,
): readonly Line[] => {
  const said = (text: string): readonly Line[] => wrap(text, width - 4).map((t) => line('   ', t));
  if (alert === null) {
    return [
      line(' ', span(glyphs.unknown, 'warn'), ' ', span('there is no such runbook', 'title')),
      ...said(
        'the alert is not known any more, or the file is gone; :runbooks lists what there is',
      ),
    ];
  }
  const link = runbookAnnotations
    .map((name) => [name, labelOf(alert.annotations, name)] as const)
    .find(([, url]) => url !== '');
  const tried = (what: string, why: string): readonly Line[] => [
    line('   ', span(glyphs.bad, 'dim'), ' ', span(what, 'plain')),
    ...wrap(why, width - 7).map((t) => line('       ', span(t, 'dim'))),
  ];
  const dead = resolution?.dead ?? null;
  const page = resolution?.kind === 'page' ? resolution.url : '';
  const { sources, entries } = library;
  return [
    line(
      ' ',
      span(glyphs.warn, 'warn'),
      ' ',
      span(
        page === '' ? `no runbook for ${alert.name}` : `the runbook of ${alert.name} is a page`,
        'title',
      ),
    ),
    ...(page === ''
      ? []
      : said(`${page}: a live session fetches it; "midwatch runbook show ${page}" reads it`)),
    blank,
    line('   ', span('tried, the surest first', 'dim')),
    ...(link === undefined
      ? tried('its address', `the alert has no annotation ${runbookAnnotations.join(', ')}`)
      : tried(
          `its address: ${link[0]} ${link[1]}`,
          dead === null ? 'it leads to a page' : `${dead.why}; ${dead.hint}`,
        )),
    ...tried(
      'runbooks that name the alert',
      `none of ${entries.length} has "alerts: [${alert.name}]" in its front matter`,
    ),
    ...tried('a file that is called like it', `none is called ${alert.name}.md`),
    ...tried(
      'the default for its kind',
      `none has "category:" ${categoriesOf(alert.labels).join(', ')}`,
    ),
    blank,
    ...said(
      `To make one match: put "alerts: [${alert.name}]" at the top of a Markdown file in a folder of runbooks.folders, or map the address with runbooks.prefixes.`,
    ),
    ...said(
      `Read: ${sources.map((s) => s.name).join(', ') || 'no folder'}. :runbooks lists all ${entries.length}.`,
    ),
  ];
};
