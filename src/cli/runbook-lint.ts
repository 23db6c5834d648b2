import { statSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';
import { liesIn } from '../adapters/runbooks/read-folder.ts';
import { type Failure, failureText } from '../kernel/failure.ts';
import { type LintFinding, lintFinding, orderedFindings } from '../runbooks/lint/finding.ts';
import { lintJson, lintSarif, lintText } from '../runbooks/lint/lint-report.ts';
import { lintRules } from '../runbooks/lint/lint-rules.ts';
import { lintAlerts, lintRunbook } from '../runbooks/lint/lint-runbook.ts';
import type { AlertRuleAt } from '../runbooks/lint/rule-file.ts';
import { isIndexFile } from '../runbooks/resolve/index-runbook.ts';
import type { LibraryEntry } from '../runbooks/resolve/library.ts';
import type { Config } from './config.ts';
import type { ConfigMapBooks } from './config-map-books.ts';
import type { Io } from './io.ts';
import type { RunbookSettings } from './runbook-config.ts';
import { entryPath } from './runbook-find.ts';
import { openFile, openLibrary, readEntry, realOf, withBooks } from './runbook-library.ts';
import { rulesOfFile, rulesOfPrometheus } from './runbook-rules.ts';

export interface LintRunbooks {
  /** Files and folders; without any, the folders of the configuration, else what midwatch ships. */
  readonly paths: readonly string[];
  readonly flags: {
    readonly rules?: readonly string[];
    readonly prometheus?: string;
    readonly json?: boolean;
    readonly sarif?: boolean;
  };
  readonly settings: RunbookSettings;
  /** ConfigMaps, when they are asked for: they are looked at beside whatever is named. */
  readonly books?: readonly ConfigMapBooks[] | null;
  readonly config: Pick<Config, 'prometheus'>;
  readonly io: Pick<Io, 'out' | 'err' | 'env'>;
  readonly version: string;
  readonly cwd: string;
}

/** Exit codes: 0 no errors, 1 errors were found, 2 not everything could be looked at. */
const clean = 0;
const errors = 1;
const couldNotTell = 2;

const is = (path: string, what: 'file' | 'folder'): boolean => {
  try {
    const about = statSync(path);
    return what === 'file' ? about.isFile() : about.isDirectory();
  } catch {
    return false;
  }
};

/** As a person in this directory would name it. */
const shownIn = (cwd: string, path: string): string => {
  if (!isAbsolute(path)) return path;
  const near = relative(cwd, path);
  return near === '' || near.startsWith('..') ? path : near;
};

const collectRules = async (
  { flags, config, io, version }: LintRunbooks,
  signal: AbortSignal,
): Promise<{
  readonly rules: readonly AlertRuleAt[];
  readonly findings: readonly LintFinding[];
  readonly failures: readonly Failure[];
}> => {
  const asked = [
    ...(flags.rules ?? []).map((path) => rulesOfFile(path)),
    ...(flags.prometheus === undefined
      ? []
      : [rulesOfPrometheus(flags.prometheus, config, io.env, version, signal)]),
  ];
  const rules: AlertRuleAt[] = [];
  const findings: LintFinding[] = [];
  const failures: Failure[] = [];
  for (const read of await Promise.all(asked)) {
    if (read.ok) {
      rules.push(...read.value.rules);
      findings.push(...read.value.findings);
    } else failures.push(read.failure);
  }
  return { rules, findings, failures };
};

/**
 * Looks at runbooks, and at alert rules when some are named: every rule has a runbook and tells its commit; every runbook
 * can be read and walked to its end. Exit 0 without errors, 1 with some, 2 when something could not be read.
 */
export const lintRunbooks = async (options: LintRunbooks): Promise<number> => {
  const { paths, flags, settings, io, version, cwd } = options;
  const { signal } = new AbortController();
  const named = paths.map((path) => realOf(resolve(cwd, path)));
  const folders = await openLibrary(settings, signal, {
    first: named.filter((p) => is(p, 'folder')),
  });
  const opened = withBooks(folders, options.books ?? []);
  const { entries } = opened.library;
  const lies = (entry: LibraryEntry, path: string): boolean => liesIn(entryPath(entry), path);
  const alone = named.filter((p) => is(p, 'file') && !entries.some((entry) => lies(entry, p)));
  const files = await Promise.all(alone.map(openFile));
  const all = [...files.flatMap((file) => (file.ok ? [file.value] : [])), ...entries];
  const maps = all.filter(({ source }) => source.kind === 'configMap');
  const chosen = all.filter((entry) => {
    if (entry.source.kind === 'configMap') return true;
    if (named.length > 0) return named.some((path) => lies(entry, path));
    if (entry.source.kind === 'folder') return true;
    return settings.folders.length === 0 && maps.length === 0;
  });
  const library = { ...opened.library, entries: all };
  const { rules, findings: inRules, failures: unread } = await collectRules(options, signal);
  const findings: LintFinding[] = [...inRules];
  const failures: Failure[] = [
    ...opened.failures,
    ...files.flatMap((file) => (file.ok ? [] : [file.failure])),
    ...unread,
  ];
  // A key of a ConfigMap may lead to another one of it.
  const exists = (path: string): boolean =>
    is(path, 'file') || maps.some((e) => `${e.source.root}/${e.path}` === path);
  const pathOf = (entry: LibraryEntry): string => shownIn(cwd, entryPath(entry));
  for (const entry of chosen) {
    const read = await readEntry(entry, opened.texts);
    if (read.ok) {
      const found = lintRunbook(read.value.text, pathOf(entry), entry, exists);
      // A page over others has no steps, and needs none.
      findings.push(...found.filter((f) => f.rule !== 'no-steps' || !isIndexFile(entry.path)));
    } else {
      const place = { line: 1, col: 1 };
      findings.push(lintFinding(pathOf(entry), place, 'error', 'unreadable', read.failure.message));
    }
  }
  findings.push(...lintAlerts(chosen, pathOf), ...lintRules(rules, library, opened.settings));
  const ordered = orderedFindings(findings);
  const counts = { runbooks: chosen.length, rules: rules.length };
  if (flags.sarif === true) io.out(lintSarif(ordered, version));
  else io.out(flags.json === true ? lintJson(ordered, counts) : lintText(ordered, counts));
  for (const failure of failures) io.err(`midwatch: ${failureText(failure)}\n`);
  for (const path of named) {
    if (chosen.some((entry) => lies(entry, path))) continue;
    io.err(`midwatch: there is no runbook at ${shownIn(cwd, path)}\n`);
    return couldNotTell;
  }
  if (failures.length > 0) return couldNotTell;
  return ordered.some((f) => f.severity === 'error') ? errors : clean;
};
