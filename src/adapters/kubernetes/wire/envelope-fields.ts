import { int, msg, str, strMap } from '../../../kernel/shape.ts';

/** Annotation of the bookmark that closes the initial events of a WatchList; its value is `true`. */
export const initialEventsEnd = 'k8s.io/initial-events-end';

/** What any object tells about its place in the stream; enough for a bookmark, whose other fields are empty. */
export const placeFields = {
  metadata: msg(1, {
    name: str(1),
    namespace: str(3),
    resourceVersion: str(6),
    annotations: strMap(12, [initialEventsEnd]),
  }),
} as const;

/** Metadata of a list. */
export const listMetaFields = {
  resourceVersion: str(2),
  continue: str(3),
  remainingItemCount: int(4),
} as const;

/** metav1.Status: the object of an ERROR event, and the body of an answer that is not 2xx. */
export const statusFields = {
  status: str(2),
  message: str(3),
  reason: str(4),
  details: msg(5, { name: str(1), kind: str(3), retryAfterSeconds: int(5) }),
  code: int(6),
} as const;
