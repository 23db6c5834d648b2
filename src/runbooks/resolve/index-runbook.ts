import { clean } from '../markdown/clean.ts';
import { frontMatter } from '../markdown/front-matter.ts';

/** What a runbook is found by, without reading all of it. */
export interface RunbookCard {
  readonly title: string;
  readonly alerts: readonly string[];
  /** Kinds of alerts that it is for when there is nothing better. */
  readonly categories: readonly string[];
  /** Other addresses of the page, as Hugo has them: `/runbooks/x`. */
  readonly aliases: readonly string[];
}

/** The name of a file without its ending. */
export const stemOf = (path: string): string =>
  path.replace(/^.*\//, '').replace(/\.(?:md|markdown)$/i, '');

/** Reads front matter and title. Cheap: thousands of files are read when a folder is opened. Never throws. */
export const indexRunbook = (text: string, path: string): RunbookCard => {
  const head = text
    .slice(0, 200_000)
    .replace(/^\ufeff/, '')
    .split(/\r\n?|\n/);
  const { front, lines } = frontMatter(head, () => {});
  const heading = head.slice(lines, lines + 200).find((line) => /^#\s+\S/.test(line));
  const written = heading?.replace(/^#\s+/, '').replace(/\s*\{#[^}]*\}\s*$/, '');
  return {
    title: clean(front.title ?? written ?? stemOf(path)).trim(),
    alerts: [...new Set([...(front.alerts ?? []), ...(front.alert ?? [])])],
    categories: front.category ?? [],
    aliases: front.aliases ?? [],
  };
};

/** Names that mean the same: case and dashes do not matter. */
export const foldedName = (name: string): string => name.toLowerCase().replace(/[-_. ]+/g, '');

/** Files that every folder has, and that are no runbook of an alert. */
export const isIndexFile = (path: string): boolean => /^_?(?:index|readme)$/i.test(stemOf(path));
