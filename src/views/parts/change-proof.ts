import type { Change } from '../../kernel/probe.ts';
import type { World } from '../../kernel/world.ts';

/** Names a change among all: two of one entry differ in what they are about or in their words. */
export const changeKey = ({ rev, key, text }: Change): string => `${rev}/${key}/${text}`;

export const changeOf = (world: World, key: string): Change | undefined =>
  world.changes.find((c) => changeKey(c) === key);
