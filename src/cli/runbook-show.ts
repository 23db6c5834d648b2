import { type Failure, failureText } from '../kernel/failure.ts';
import { plainText } from '../kernel/text.ts';
import { bookRail } from '../runbooks/book-rail.ts';
import { drawChart } from '../runbooks/layout/draw-chart.ts';
import { railLines } from '../runbooks/layout/rail-lines.ts';
import { parseRunbook } from '../runbooks/parse-runbook.ts';
import { shortCommit } from '../runbooks/resolve/library.ts';
import type { ParsedRunbook } from '../runbooks/runbook.ts';
import type { ConfigMapBooks } from './config-map-books.ts';
import type { Io } from './io.ts';
import type { RunbookSettings } from './runbook-config.ts';
import { type FoundRunbook, findRunbook } from './runbook-find.ts';
import { openLibrary, withBooks } from './runbook-library.ts';
import { runbookLines, stepLines } from './runbook-text.ts';
import { showsUtf8 } from './terminal-look.ts';

export interface ShowRunbook {
  readonly name: string;
  readonly settings: RunbookSettings;
  readonly io: Pick<Io, 'out' | 'err' | 'env'>;
  readonly version: string;
  /** ConfigMaps, when they are asked for. */
  readonly books?: readonly ConfigMapBooks[] | null;
  readonly json?: boolean;
  readonly width?: number;
  readonly ascii?: boolean;
}

const couldNot = 2;
const usualWidth = 80;

const told = (failure: Failure, io: Pick<Io, 'err'>): number => {
  io.err(
    `midwatch: ${plainText(failureText(failure))}\n${failure.hint === undefined ? '' : `${plainText(failure.hint)}\n`}`,
  );
  return couldNot;
};

const headOf = (found: FoundRunbook): string => {
  const commit = found.entry === null ? '' : shortCommit(found.entry.source.commit);
  return [found.path, ...(commit === '' ? [] : [`@ ${commit}`])].join(' ');
};

const withRunbook = async (
  { name, settings, io, version, books }: ShowRunbook,
  use: (parsed: ParsedRunbook, found: FoundRunbook) => void,
): Promise<number> => {
  const { signal } = new AbortController();
  const opened = withBooks(await openLibrary(settings, signal), books ?? []);
  for (const failure of opened.failures) io.err(`midwatch: ${failureText(failure)}\n`);
  const found = await findRunbook(name, opened, io.env, version, signal);
  if (!found.ok) return told(found.failure, io);
  const { text, path, fragment } = found.value;
  use(parseRunbook(text, path, fragment), found.value);
  return 0;
};

/** A runbook as text, or all that is known of it as JSON. Exit 2 when there is none. */
export const showRunbook = (options: ShowRunbook): Promise<number> =>
  withRunbook(options, ({ runbook, diagnostics }, found) => {
    const { io } = options;
    if (options.json === true) {
      const commit = found.entry?.source.commit ?? { kind: 'none' };
      const { why, note } = found;
      io.out(
        `${JSON.stringify({ schema: 'midwatch.runbook/v1', why, note, commit, runbook, diagnostics })}\n`,
      );
      return;
    }
    const lines = [
      runbook.title,
      plainText(`${headOf(found)}: ${found.why}`),
      ...(found.note === '' ? [] : [plainText(found.note)]),
      ...runbookLines(runbook),
    ];
    io.out(`${lines.join('\n')}\n`);
  });

/**
 * The flowchart of a runbook where it fits, and its steps; where it does not, the rail that the screen shows instead. Exit
 * 2 when there is no runbook.
 */
export const renderRunbook = (options: ShowRunbook): Promise<number> =>
  withRunbook(options, ({ runbook }) => {
    const { io } = options;
    const width = options.width ?? usualWidth;
    const ascii = options.ascii ?? !showsUtf8(io.env);
    const steps = stepLines(runbook, ascii ? '->' : '→');
    const rail = bookRail(runbook);
    const railed = (): readonly string[] =>
      railLines(rail ?? [], { width, ascii }, new Map(), new Set()).map((row) =>
        row
          .map((p) => p.text)
          .join('')
          .trimEnd(),
      );
    const drawing = runbook.chart === null ? null : drawChart(runbook.chart, { width, ascii });
    const lines: string[] = [runbook.title, ''];
    if (drawing !== null && drawing.width <= width) {
      const rows = drawing.rows(new Map(), new Set());
      lines.push(
        ...rows.map((row) =>
          row
            .map((p) => p.text)
            .join('')
            .trimEnd(),
        ),
        '',
      );
    } else if (drawing !== null) {
      lines.push(`The chart takes ${drawing.width} columns, and there are ${width}.`, '');
    }
    for (const d of runbook.brokenChart?.diagnostics ?? []) {
      lines.push(`The chart cannot be read: line ${d.line}: ${d.message}`);
    }
    const fits = drawing !== null && drawing.width <= width;
    const listed = fits || rail === null ? steps : railed();
    io.out(`${[...lines, ...listed].join('\n')}\n`);
  });
