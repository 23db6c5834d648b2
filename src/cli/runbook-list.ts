import { failureText } from '../kernel/failure.ts';
import { plainText } from '../kernel/text.ts';
import { type LibraryEntry, shortCommit } from '../runbooks/resolve/library.ts';
import type { ConfigMapBooks } from './config-map-books.ts';
import type { Io } from './io.ts';
import type { RunbookSettings } from './runbook-config.ts';
import { openLibrary, withBooks } from './runbook-library.ts';

export interface ListRunbooks {
  readonly settings: RunbookSettings;
  readonly io: Pick<Io, 'out' | 'err'>;
  readonly json: boolean;
  /** Null when ConfigMaps are not asked for. */
  readonly books?: readonly ConfigMapBooks[] | null;
}

const cells = ({ source, path, title, alerts }: LibraryEntry): readonly string[] => {
  const commit = shortCommit(source.commit);
  // Files may be called anything.
  return [
    plainText(path.replace(/\.(?:md|markdown)$/i, '')),
    `${source.name}${commit === '' ? '' : ` @ ${commit}`}`,
    alerts.slice(0, 3).join(', ') + (alerts.length > 3 ? `, ${alerts.length - 3} more` : ''),
    title,
  ];
};

const table = (rows: readonly (readonly string[])[]): string => {
  const widths = (rows[0] ?? []).map((_, n) =>
    Math.min(50, Math.max(...rows.map((row) => row[n]?.length ?? 0))),
  );
  return rows
    .map((row) =>
      row
        .map((cell, n) => cell.padEnd(widths[n] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};

/** Every runbook that an alert may lead to, those that win first. Exit 2 when a folder cannot be read. */
export const listRunbooks = async ({
  settings,
  io,
  json,
  books = null,
}: ListRunbooks): Promise<number> => {
  const folders = await openLibrary(settings, new AbortController().signal);
  const opened = withBooks(folders, books ?? []);
  const unasked = books === null ? (settings.configMaps ?? []) : [];
  const { sources, entries } = opened.library;
  if (json) {
    const runbooks = entries.map(({ source, ...entry }) => ({ ...entry, source: source.name }));
    const failures = opened.failures;
    io.out(`${JSON.stringify({ schema: 'midwatch.runbooks/v1', sources, runbooks, failures })}\n`);
  } else {
    io.out(`${table([['RUNBOOK', 'FROM', 'ALERTS', 'TITLE'], ...entries.map(cells)])}\n`);
  }
  for (const source of sources) {
    for (const problem of source.problems)
      io.err(`midwatch: ${plainText(`${source.name}: ${problem}`)}\n`);
  }
  for (const failure of opened.failures) {
    const hint = failure.hint === undefined ? '' : `; ${failure.hint}`;
    io.err(`midwatch: ${plainText(`${failureText(failure)}${hint}`)}\n`);
  }
  for (const name of unasked) {
    io.err(`midwatch: configmap ${name} is not read: --cluster reads it\n`);
  }
  return opened.failures.length > 0 ? 2 : 0;
};
