import { clip, plainText } from '../kernel/text.ts';
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

/** The object that a place is about, from its arguments. */
export const refOfArgs = (args: Readonly<Record<string, string>>): ObjectRef => ({
  resource: args.resource ?? '',
  namespace: args.namespace ?? '',
  name: args.name ?? '',
});

/** Longest name in a title or a sentence. */
const nameKept = 120;

/** `payments/gateway-1` for titles and sentences. */
export const refText = ({ namespace, name }: ObjectRef): string =>
  clip(plainText(namespace === '' ? name : `${namespace}/${name}`), nameKept);

/** The resource of a reference for titles and sentences. */
export const resourceText = ({ resource }: Pick<ObjectRef, 'resource'>): string =>
  clip(plainText(resource), nameKept);
