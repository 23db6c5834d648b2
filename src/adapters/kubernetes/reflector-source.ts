import { type AnyKind, resourcePath, type Slim } from '../../kernel/kind.ts';
import type { WatchSource } from './watch-decoder.ts';
import { kindWatchDecoder } from './watch-decoder-json.ts';
import { kindListDecoder, protobufListDecoder } from './watch-decoder-list.ts';
import { protobufWatchDecoder } from './watch-decoder-protobuf.ts';

const protobuf = 'application/vnd.kubernetes.protobuf';

/** A built-in kind in one namespace, or in all of them (''). Built-in kinds are served in protobuf; CRDs are not. */
export const kindSource = (
  kind: AnyKind,
  namespace: string,
  encodings: WatchSource<Slim>['encodings'] = ['protobuf', 'json'],
): WatchSource<Slim> => ({
  title: kind.ref.resource,
  path: resourcePath(kind.ref, namespace),
  query:
    kind.fieldSelector === undefined
      ? ''
      : `fieldSelector=${encodeURIComponent(kind.fieldSelector)}`,
  encodings,
  accept: (encoding, of) => {
    if (encoding === 'json') return 'application/json';
    return of === 'watch' ? `${protobuf};stream=watch` : protobuf;
  },
  watchDecoder: (encoding) =>
    encoding === 'json' ? kindWatchDecoder(kind) : protobufWatchDecoder(kind),
  listDecoder: (encoding) =>
    encoding === 'json' ? kindListDecoder(kind) : protobufListDecoder(kind),
  news: (object) => object,
});
