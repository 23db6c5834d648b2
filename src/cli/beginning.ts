import { emptyWorld } from '../kernel/world.ts';
import { parseCommand } from '../views/command.ts';
import { type Place, placeOf } from '../views/session.ts';
import { knownOf } from './known.ts';
import type { LiveOptions } from './live.ts';
import { viewsWith } from './views.ts';

/** The first place of a screen on a live cluster. */
export interface Beginning {
  readonly place: Place;
  readonly namespace: string | null;
  /** Resources to read before all others. */
  readonly first: readonly string[];
}

/** What to show first; null when the command that was given means nothing. */
export const beginning = ({
  flags,
  config,
  runbook,
}: Pick<LiveOptions, 'flags' | 'config' | 'runbook'>): Beginning | null => {
  const home = { place: placeOf('home'), namespace: null, first: ['nodes', 'pods'] };
  if (runbook !== undefined) return { ...home, place: placeOf('runbook', runbook.args) };
  if (flags.command === undefined) return home;
  const known = knownOf(
    viewsWith(() => []),
    () => [],
    config.aliases ?? {},
  );
  const parsed = parseCommand(flags.command, known(emptyWorld));
  if (parsed.kind === 'view') return { ...home, place: placeOf(parsed.id) };
  if (parsed.kind !== 'resource') return null;
  const { resource, labels, filter } = parsed;
  return {
    place: placeOf('explorer', labels === undefined ? { resource } : { resource, labels }, filter),
    namespace: parsed.namespace ?? null,
    first: [parsed.resource],
  };
};
