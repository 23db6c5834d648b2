import { failureText } from '../../kernel/failure.ts';
import { currentVisit, type Run } from '../../kernel/run.ts';
import { sliceOf } from '../../kernel/world.ts';
import { runs } from '../../probes/runs.ts';
import { shortCommit } from '../../runbooks/resolve/library.ts';
import { matcherOf } from '../filter.ts';
import { cutLine, fit, type Line, line, span, spread } from '../parts/line.ts';
import { sign } from '../parts/tone.ts';
import { ageOf, count } from '../parts/words.ts';
import { rule, wrap } from '../parts/wrap.ts';
import { type Content, type PlainRow, rowsOf, type ViewInput } from '../view.ts';
import { entryKey, type Shelf } from './desk.ts';
import { waitingShort } from './waiting.ts';

const runRow = (run: Run, { width, glyphs, now }: ViewInput): PlainRow => {
  const visit = currentVisit(run);
  const timer = visit?.timer ?? null;
  const where =
    run.ended === null
      ? `at ${visit?.title ?? 'its beginning'}${timer === null ? '' : `, ${waitingShort(timer, now)}`}`
      : `${run.ended.how} by ${run.ended.by}`;
  return {
    key: `run/${run.id}`,
    selectable: true,
    target: { open: { view: 'runbook', args: { run: run.id } } },
    line: spread(
      line(
        ' ',
        sign(run.ended === null ? 'progress' : 'good', glyphs),
        ' ',
        span(run.alert?.name ?? run.runbook.title, 'title'),
        `  ${where}`,
        span(`  by ${run.startedBy}`, 'dim'),
      ),
      line(span(fit(ageOf(run.startedAt, now), 4, 'right')), ' '),
      width,
    ),
  };
};

const titleWidth = 44;
const endedKept = 5;
const problemsShown = 3;
/** What to do about a problem stands at its end. */
const problemLines = 8;

/** Runs that go on, those that ended lately, and every runbook that there is. */
export const runbooksContent = (shelf: Shelf, input: ViewInput): Content => {
  const { width, glyphs, world, place } = input;
  const all = [...sliceOf(world, runs).state.values()].reverse();
  const shown = [
    ...all.filter((r) => r.ended === null),
    ...all.filter((r) => r.ended !== null).slice(0, endedKept),
  ];
  const { entries, sources } = shelf.library;
  const filter = matcherOf(place.filter);
  const listed = entries.filter((e) =>
    filter.matches(`${e.title} ${entryKey(e)} ${e.alerts.join(' ')}`, {}),
  );
  const titled = (text: string): PlainRow => ({
    key: `title/${text}`,
    line: cutLine(rule(text, width, glyphs.rule), width),
  });
  const rows: readonly PlainRow[] = [
    ...(shown.length === 0 ? [] : [titled('runs'), ...shown.map((r) => runRow(r, input))]),
    titled(sources.length === 0 ? 'no folder could be read' : 'runbooks'),
    ...listed.map((e): PlainRow => {
      const commit = shortCommit(e.source.commit);
      const l: Line = line(
        '   ',
        span(fit(e.title, titleWidth), 'title'),
        ' ',
        span(`${entryKey(e)}${commit === '' ? '' : ` @ ${commit}`}`, 'dim'),
        `  ${e.alerts.join(', ')}`,
      );
      return {
        key: entryKey(e),
        selectable: true,
        target: { open: { view: 'runbook', args: { runbook: entryKey(e) } } },
        line: cutLine(l, width),
      };
    }),
  ];
  const number =
    listed.length === entries.length
      ? count(entries.length)
      : `${listed.length} of ${entries.length}`;
  const problems = [
    ...shelf.failures.map((f) => `${failureText(f)}${f.hint === undefined ? '' : `; ${f.hint}`}`),
    ...sources.flatMap((s) => s.problems.map((text) => `${s.name}: ${text}`)),
  ];
  return {
    title: `runbooks[${number}]`,
    head: problems.slice(0, problemsShown).flatMap((text) =>
      wrap(text, width - 4)
        .slice(0, problemLines)
        .map((part, n) =>
          cutLine(line(' ', n === 0 ? sign('warn', glyphs) : ' ', ' ', span(part, 'warn')), width),
        ),
    ),
    rows: rowsOf(rows),
    empty: [],
  };
};
