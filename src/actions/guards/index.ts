import type { Guard } from '../guard.ts';
import { readOnly } from './read-only.ts';

/** All of them are asked about every plan; the order is that in which reasons of equal weight are shown. */
export const guards: readonly Guard[] = [readOnly];
