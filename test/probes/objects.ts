import type { AnyKind, ObjectKind, Slim } from '../../src/kernel/kind.ts';
import type { Fields, Read } from '../../src/kernel/shape.ts';

/** An object as a reader gives it, slimmed: what tests say about it, and a name, a namespace and a uid. */
export const slimmed = <S extends Slim, F extends Fields>(
  kind: ObjectKind<S, F>,
  object: Read<F> & { readonly metadata?: object },
): S => kind.slim({ ...object, metadata: { ...named, ...object.metadata } } as Read<F>);

const named = { name: 'web', namespace: 'shop', uid: 'uid-1' };

/** What the kind calls the change, as `tone: text`; null when it is nothing. */
export const called = (kind: AnyKind, before: unknown, after: unknown): string | null => {
  const change = kind.change(before, after);
  return change === null ? null : `${change.tone}: ${change.text}`;
};
