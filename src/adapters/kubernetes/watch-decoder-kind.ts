import { type AnyKind, keyOf, type Slim } from '../../kernel/kind.ts';
import type { Fields, Read } from '../../kernel/shape.ts';
import type { ServerStatus, WatchItem } from './watch-decoder.ts';
import { initialEventsEnd, type placeFields, type statusFields } from './wire/envelope-fields.ts';

type ReadStatus = Read<typeof statusFields>;
type Place = Read<typeof placeFields>;

export const serverStatus = (status: ReadStatus): ServerStatus => ({
  code: status.code ?? 0,
  reason: status.reason ?? '',
  message: status.message ?? '',
  retryAfterSeconds: status.details?.retryAfterSeconds ?? 0,
});

export const bookmarkOf = ({
  metadata,
}: Place): Extract<WatchItem<never, never>, { kind: 'bookmark' }> => ({
  kind: 'bookmark',
  revision: metadata?.resourceVersion ?? '',
  initialEnd: metadata?.annotations?.[initialEventsEnd] === 'true',
});

/** A read object of a kind as an item; `bad` when it has no name, or its projection fails. */
export const itemOf = (kind: AnyKind, read: Read<Fields>): WatchItem<Slim, never> => {
  const metadata = read.metadata as Place['metadata'];
  const revision = metadata?.resourceVersion ?? '';
  try {
    const object: Slim = kind.slim(read);
    if (object.name === '') return { kind: 'bad', why: 'an object without a name' };
    return { kind: 'put', key: keyOf(object), revision, object };
  } catch (error) {
    return { kind: 'bad', why: error instanceof Error ? error.message : String(error) };
  }
};

export const deletedOf = ({ metadata }: Place): WatchItem<never, never> => {
  const { name = '', namespace = '', resourceVersion = '' } = metadata ?? {};
  if (name === '') return { kind: 'bad', why: 'a deleted object without a name' };
  return { kind: 'del', key: keyOf({ name, namespace }), revision: resourceVersion };
};
