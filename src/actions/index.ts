import type { ActionDefinition } from './action.ts';
import { cordon, uncordon } from './cordon.ts';

/** Everything that can be done, one file each. */
export const actions: readonly ActionDefinition[] = [cordon, uncordon];
