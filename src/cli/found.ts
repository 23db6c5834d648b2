import type { Failure, FailureKind } from '../kernel/failure.ts';
import { plainText } from '../kernel/text.ts';

/** What is found of an act whose end is not known. */
export type Found =
  /** In words, about now; it stays as it is. */
  | { readonly kind: 'told'; readonly text: string }
  /** Nobody answers now, or not in time: somebody may look again. */
  | { readonly kind: 'later'; readonly why: string };

/** Told where nothing tells what came of it. */
export const cannotBeKnown = (why: string): Found => ({
  kind: 'told',
  text: plainText(`what came of it cannot be known: ${why}`),
});

/** Failures that pass: who asks again may be answered. */
const passing: ReadonlySet<FailureKind> = new Set([
  'unreachable',
  'timeout',
  'ended',
  'broken',
  'unauthorized',
]);

/** A look that failed. */
export const notFound = ({ kind, message }: Failure): Found =>
  passing.has(kind) ? { kind: 'later', why: plainText(message) } : cannotBeKnown(message);
