import { failureText } from '../kernel/failure.ts';
import { fingerprint } from '../kernel/fingerprint.ts';
import { closest } from '../kernel/spelling.ts';
import { plainText } from '../kernel/text.ts';
import { parseRunbook } from '../runbooks/parse-runbook.ts';
import { foldedName, isIndexFile, stemOf } from '../runbooks/resolve/index-runbook.ts';
import { type Library, shortCommit } from '../runbooks/resolve/library.ts';
import { entryKey } from '../views/runbook/desk.ts';
import { givenArgs } from '../views/runbook/given-alert.ts';
import { clusterConfigMaps } from './cluster-config-maps.ts';
import type { Config } from './config.ts';
import type { Io } from './io.ts';
import type { WantedAlert } from './lead-to-alert.ts';
import { type LiveFlags, usageError } from './program.ts';
import type { RunbookSettings } from './runbook-config.ts';
import { dryLines } from './runbook-dry-text.ts';
import { entryPath, type FoundRunbook, findRunbook } from './runbook-find.ts';
import { openLibrary, withBooks } from './runbook-library.ts';

export interface RunFlags extends LiveFlags {
  readonly alert?: string;
  readonly label?: Readonly<Record<string, string>>;
}

export interface RunRunbook {
  readonly name: string;
  readonly flags: RunFlags;
  readonly settings: RunbookSettings;
  readonly config: Config;
  readonly io: Io;
  readonly version: string;
}

const couldNot = 2;
const nearMost = 3;

/** Names that were probably meant, the nearest first. */
export const nearNames = (name: string, { entries }: Library): readonly string[] => {
  const called = entries.filter(({ path }) => !isIndexFile(path)).map(({ path }) => stemOf(path));
  const left = new Set([...called, ...entries.flatMap(({ alerts }) => alerts)]);
  const near: string[] = [];
  for (;;) {
    const one = closest(name, left);
    if (one === null || near.length === nearMost) break;
    near.push(one);
    left.delete(one);
  }
  const folded = foldedName(name);
  const inside = folded.length < 3 ? [] : [...left].filter((w) => foldedName(w).includes(folded));
  return [...near, ...inside].slice(0, nearMost);
};

/** An alert by its fingerprint has no name that labels could be made of. */
const isFingerprint = (text: string): boolean => /^[0-9a-f]{16}$/.test(text);

/** What is known of the alert before anybody tells of it. */
const labelsOf = ({ alert, label = {} }: RunFlags): Readonly<Record<string, string>> =>
  alert === undefined || isFingerprint(alert) ? label : { alertname: alert, ...label };

const dry = (found: FoundRunbook, { flags, io, settings }: RunRunbook): number => {
  const { runbook } = parseRunbook(found.text, found.path, found.fragment);
  const commit = found.entry === null ? '' : shortCommit(found.entry.source.commit);
  const labels = labelsOf(flags);
  const given = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  const head = [
    runbook.title,
    `${found.path}${commit === '' ? '' : ` @ ${commit}`}: ${found.why}`,
    ...(found.note === '' ? [] : [found.note]),
    ...(given.length === 0 ? [] : [`labels ${given.join(', ')}`]),
    'no terminal to walk it on: what would run, and what is only shown',
  ].map(plainText);
  const lines = [...head, ...dryLines(runbook, { labels, allowHosts: settings.allowHosts })];
  io.out(`${lines.join('\n')}\n`);
  return 0;
};

const walk = async (key: string, { flags, config, io, version }: RunRunbook): Promise<number> => {
  const { alert, label = {} } = flags;
  const labels = labelsOf(flags);
  const given = Object.keys(labels).length === 0 ? {} : givenArgs(fingerprint(labels), labels);
  const wanted: WantedAlert | null = alert === undefined ? null : { alert, labels: label };
  const { runLive } = await import('./live.ts');
  const runbook = { args: { runbook: key, ...given }, wanted };
  return await runLive({ flags, config, io, version, runbook });
};

/**
 * Opens the screen at a runbook; without a terminal, its steps with the labels put in. Exit 64 for a name that is no
 * runbook, 2 for one that cannot be read.
 */
export const runRunbook = async (options: RunRunbook): Promise<number> => {
  const { name, flags, settings, io, version } = options;
  const { signal } = new AbortController();
  const say = (text: string): void => io.err(`${plainText(text)}\n`);
  const [folders, books] = await Promise.all([
    openLibrary(settings, signal),
    clusterConfigMaps(settings.configMaps ?? [], flags, io.env, version),
  ]);
  const opened = withBooks(folders, books);
  for (const failure of opened.failures) {
    say(`midwatch: ${failureText(failure)}`);
    if (failure.hint !== undefined) say(failure.hint);
  }
  const found = await findRunbook(name, opened, io.env, version, signal);
  if (!found.ok) {
    const { failure } = found;
    say(`midwatch: ${failureText(failure)}`);
    const near = failure.kind === 'absent' ? nearNames(name, opened.library) : [];
    const hint = near.length === 0 ? failure.hint : `did you mean ${near.join(', ')}?`;
    if (hint !== undefined) say(hint);
    return failure.kind === 'absent' || failure.kind === 'misconfigured' ? usageError : couldNot;
  }
  if (!io.paints) return dry(found.value, options);
  // A file may be named by a path of its own; the screen walks what is in the library.
  const { path, fragment } = found.value;
  if (found.value.entry === null) {
    return await walk(fragment === '' ? path : `${path}#${fragment}`, options);
  }
  const entry = opened.library.entries.find((e) => entryPath(e) === path);
  if (entry === undefined) {
    say(`midwatch: ${path} is in no folder of runbooks, and is not walked`);
    say('add its folder to runbooks.folders');
    return usageError;
  }
  return await walk(entryKey(entry, fragment), options);
};
