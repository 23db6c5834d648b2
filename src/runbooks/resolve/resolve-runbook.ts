import type { Labels } from '../../kernel/alert-fact.ts';
import { globMatches } from '../../kernel/glob.ts';
import { labelOf } from '../../kernel/matchers.ts';
import { addressOf, type FetchRules, mayFetch, safePath } from './address.ts';
import { categoriesOf } from './category.ts';
import { commitAnnotation, runbookAnnotations } from './commit-annotation.ts';
import { aliased, fileAt, isUnder, mapped, type Prefix } from './find-page.ts';
import { foldedName, isIndexFile, stemOf } from './index-runbook.ts';
import type { Library, LibraryEntry } from './library.ts';
import type { DeadLink, Matched, Resolution } from './resolution.ts';

export interface ResolveSettings extends FetchRules {
  readonly prefixes: readonly Prefix[];
}

/** What of an alert decides. */
export interface AlertNamed {
  readonly labels: Labels;
  readonly annotations: Labels;
}

interface Link {
  readonly annotation: string;
  readonly written: string;
}

const linkOf = (annotations: Labels): Link | null => {
  for (const annotation of runbookAnnotations) {
    const written = labelOf(annotations, annotation).trim();
    if (written !== '') return { annotation, written };
  }
  return null;
};

type Followed =
  | {
      readonly kind: 'entry';
      readonly by: Matched;
      readonly entry: LibraryEntry;
      readonly fragment: string;
    }
  | { readonly kind: 'page'; readonly by: Matched; readonly url: string; readonly fragment: string }
  | { readonly kind: 'dead'; readonly why: string; readonly hint: string };

const dead = (why: string, hint: string): Followed => ({ kind: 'dead', why, hint });

/** A path on this machine: under one of the folders, or nowhere. */
const followFile = (path: string, fragment: string, library: Library): Followed => {
  const clean = safePath(path);
  if (clean === null) return dead('the path climbs', 'write it from the folder of the runbooks');
  const absolute = path.startsWith('/');
  const candidates = absolute
    ? [`/${clean}`].filter((p) => library.sources.some((s) => isUnder(p, s)))
    : library.sources.map((s) => `${s.root}/${clean}`);
  if (candidates.length === 0) {
    return dead('it is outside the folders of runbooks', 'add its folder to runbooks.folders');
  }
  for (const candidate of candidates) {
    const entry = fileAt(library, candidate);
    if (entry !== null) return { kind: 'entry', by: { rule: 'file', path }, entry, fragment };
  }
  return dead('there is no such file', 'correct the annotation, or bring the folder up to date');
};

const followWeb = (
  url: string,
  whole: string,
  fragment: string,
  library: Library,
  settings: ResolveSettings,
): Followed => {
  const found = mapped(library, settings.prefixes, url);
  if (found.kind === 'found') {
    const by: Matched = { rule: 'prefix', from: found.from, url };
    return { kind: 'entry', by, entry: found.entry, fragment };
  }
  const alias = aliased(library, url);
  if (alias !== null) return { kind: 'entry', by: { rule: 'alias', url }, entry: alias, fragment };
  if (found.kind === 'climbs') return dead('the path climbs', 'correct the annotation');
  const verdict = mayFetch(whole, settings);
  if (verdict.kind === 'allowed') {
    return { kind: 'page', by: { rule: 'address', url }, url: verdict.url, fragment };
  }
  return found.kind === 'nothing'
    ? dead(`${found.path} does not exist`, 'correct the annotation, or bring the folder up to date')
    : dead(verdict.why, verdict.hint);
};

const follow = ({ written }: Link, library: Library, settings: ResolveSettings): Followed => {
  const { url, fragment } = addressOf(written);
  if (/\s/.test(url) || url === '') return dead('it is no address', 'correct the annotation');
  if (/^file:\/\//i.test(url))
    return followFile(url.replace(/^file:\/\/(?:localhost)?/i, ''), fragment, library);
  if (/^https?:\/\//i.test(url)) {
    const whole = written.trim().split('#')[0] ?? url;
    return followWeb(url, whole, fragment, library, settings);
  }
  if (/^[a-z][a-z0-9+.-]*:/i.test(url)) {
    return dead(`${url.split(':')[0]}: is not read`, 'use https, or a path');
  }
  return followFile(url, fragment, library);
};

/** Those of the first source that has any. */
const ofFirstSource = (found: readonly LibraryEntry[]): readonly LibraryEntry[] =>
  found.filter((entry) => entry.source === found[0]?.source);

/** Of several that are as good, the one whose folder the address of the alert names. */
const nearAddress = (found: readonly LibraryEntry[], written: string): readonly LibraryEntry[] => {
  const parts = new Set(written.toLowerCase().split('/'));
  const near = found.filter((entry) => {
    const folder = entry.path.split('/').at(-2)?.toLowerCase();
    return folder !== undefined && parts.has(folder);
  });
  return near.length === 1 ? near : found;
};

interface Candidates {
  readonly by: Matched;
  readonly entries: readonly LibraryEntry[];
}

/** What else leads to a runbook than its address, the surest first. */
function* otherWays(labels: Labels, library: Library): Generator<Candidates> {
  const name = labelOf(labels, 'alertname');
  const { entries } = library;
  if (name !== '') {
    const exact = entries.filter((e) => e.alerts.includes(name));
    yield { by: { rule: 'alerts', pattern: name }, entries: exact };
    const globbed = entries.filter((e) =>
      e.alerts.some((a) => a.includes('*') && globMatches(a, name)),
    );
    const pattern = globbed[0]?.alerts.find((a) => a.includes('*') && globMatches(a, name));
    yield { by: { rule: 'alerts', pattern: pattern ?? name }, entries: globbed };
    const folded = foldedName(name);
    const called = entries.filter(
      (e) => !isIndexFile(e.path) && foldedName(stemOf(e.path)) === folded,
    );
    yield { by: { rule: 'file-name', name: called[0]?.path ?? name }, entries: called };
  }
  for (const category of categoriesOf(labels)) {
    const default_ = entries.filter((e) => e.categories.includes(category));
    yield { by: { rule: 'category', category }, entries: default_ };
  }
}

/**
 * The runbook of an alert: its address through a prefix, a file or a page; then a runbook that names the alert, then one
 * that is called like it, then the default for its kind. Pure and total. `unreachable`: pages that could not be had, by
 * address, with the reason; they count as dead.
 */
export const resolveRunbook = (
  { labels, annotations }: AlertNamed,
  library: Library,
  settings: ResolveSettings,
  unreachable: ReadonlyMap<string, string> = new Map(),
): Resolution => {
  const commit = commitAnnotation(annotations);
  const link = linkOf(annotations);
  let broken: DeadLink | null = null;
  if (link !== null) {
    const { annotation, written } = link;
    const followed = follow(link, library, settings);
    const failed = followed.kind === 'page' ? unreachable.get(followed.url) : undefined;
    if (followed.kind === 'entry') {
      const { by, entry, fragment } = followed;
      return { kind: 'found', by, entry, fragment, dead: null, commit };
    }
    if (followed.kind === 'page' && failed === undefined)
      return { ...followed, dead: null, commit };
    const { why, hint } =
      followed.kind === 'dead' ? followed : { why: failed ?? '', hint: 'map it to a folder' };
    broken = { annotation, url: written, why, hint };
  }
  for (const { by, entries } of otherWays(labels, library)) {
    const best = nearAddress(ofFirstSource(entries), link?.written ?? '');
    const [entry] = best;
    if (entry === undefined) continue;
    return best.length === 1
      ? { kind: 'found', by, entry, fragment: '', dead: broken, commit }
      : { kind: 'several', by, entries: best, dead: broken, commit };
  }
  return { kind: 'missing', dead: broken, commit };
};
