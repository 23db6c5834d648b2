import { absurd } from '../kernel/absurd.ts';
import type { Document, Session } from './session.ts';
import type { ObjectRef } from './view.ts';

/**
 * What is fetched about an object beyond the world.
 * `yaml`: the text of `yamlOf`. `events`: the server's EventList of the object, as JSON.
 */
export type DocumentKind = 'yaml' | 'events';

/** `yaml:pods/payments/gateway-1` */
export const documentId = (kind: DocumentKind, { resource, namespace, name }: ObjectRef): string =>
  `${kind}:${resource}/${namespace}/${name}`;

export const documentOf = (
  session: Session,
  kind: DocumentKind,
  object: ObjectRef,
): Document | null => session.documents.get(documentId(kind, object)) ?? null;

/** The text of a document that has arrived, else null. */
export const textOf = (document: Document | null): string | null => {
  if (document === null) return null;
  switch (document.kind) {
    case 'ready':
      return document.text;
    case 'loading':
    case 'failed':
      return null;
    default:
      return absurd(document);
  }
};

/** The object that a place is about, from its arguments. */
export const refOfArgs = (args: Readonly<Record<string, string>>): ObjectRef => ({
  resource: args.resource ?? '',
  namespace: args.namespace ?? '',
  name: args.name ?? '',
});

/** `pods/payments/gateway-1` → `gateway-1`, with its namespace where it has one. */
export const refText = ({ namespace, name }: ObjectRef): string =>
  namespace === '' ? name : `${namespace}/${name}`;
