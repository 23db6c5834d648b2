import { parseRunbook } from '../parse-runbook.ts';
import { addressOf, safePath } from '../resolve/address.ts';
import type { LibraryEntry } from '../resolve/library.ts';
import { type LintFinding, lintFinding } from './finding.ts';

/** Whether there is a file at an absolute path. */
export type Exists = (path: string) => boolean;

/** A path beside another, with its `..` taken out; null when it leads out of the folder. */
const besides = (path: string, href: string): string | null => {
  const parts = href.startsWith('/') ? [] : path.split('/').slice(0, -1);
  for (const part of href.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return parts.join('/');
};

/** Links to other runbooks of the same folder. What is elsewhere is not asked for. */
const linkFindings = (
  path: string,
  entry: LibraryEntry,
  exists: Exists,
  links: ReturnType<typeof parseRunbook>['runbook']['links'],
): readonly LintFinding[] =>
  links.flatMap((link) => {
    const { url } = addressOf(link.href);
    if (!/\.(?:md|markdown)$/i.test(url) || /^[a-z][a-z0-9+.-]*:|^\/\//i.test(url)) return [];
    const beside = besides(entry.path, url);
    const safe = beside === null ? null : safePath(beside);
    if (safe !== null && exists(`${entry.source.root}/${safe}`)) return [];
    const message = safe === null ? `"${url}" leads out of the folder` : `there is no "${url}"`;
    return [lintFinding(path, link, 'error', 'link', message, 'correct the link')];
  });

/** Everything there is to say of one runbook. `path` is how it is called in what is said. */
export const lintRunbook = (
  text: string,
  path: string,
  entry: LibraryEntry,
  exists: Exists,
): readonly LintFinding[] => {
  const { runbook, diagnostics } = parseRunbook(text, path);
  return [
    ...diagnostics.map((d) => lintFinding(path, d, d.severity, d.rule, d.message, d.hint)),
    ...linkFindings(path, entry, exists, runbook.links),
  ];
};

/** Alerts that several runbooks of one folder name: which is meant would have to be guessed. */
export const lintAlerts = (
  entries: readonly LibraryEntry[],
  pathOf: (entry: LibraryEntry) => string,
): readonly LintFinding[] => {
  const named = entries.flatMap((entry) => entry.alerts.map((alert) => ({ alert, entry })));
  return [
    ...Map.groupBy(named, ({ alert, entry }) => `${entry.source.root}\n${alert}`).values(),
  ].flatMap((same) =>
    same.slice(1).map(({ alert, entry }) => {
      const first = same[0]?.entry;
      const message = `${alert} is named by ${first === undefined ? 'another' : pathOf(first)} too`;
      const place = { line: 1, col: 1 };
      return lintFinding(
        pathOf(entry),
        place,
        'error',
        'same-alert',
        message,
        'keep it in one of them',
      );
    }),
  );
};
