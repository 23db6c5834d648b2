import type { PlainText } from '../kernel/text.ts';

/** A value with places for parameters in it: as data, so that a value is put in by the rules of where it goes. */
export type Template = readonly TemplatePart[];
export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'parameter'; readonly name: string };

/**
 * What a value may be. `name` is a name of a Kubernetes object; `label` a selector's key or value; `text` any line.
 */
export const parameterTypes = [
  'name',
  'namespace',
  'number',
  'duration',
  'address',
  'label',
  'text',
] as const;
export type ParameterType = (typeof parameterTypes)[number];

/** Where a value comes from. */
export type ParameterFrom =
  | { readonly kind: 'label'; readonly name: string }
  | { readonly kind: 'annotation'; readonly name: string }
  /** What is known of the cluster, by a key such as `context` or `etcd.leader`. */
  | { readonly kind: 'world'; readonly key: string }
  /** From the result of a task: its JSON at a path. */
  | { readonly kind: 'task'; readonly task: string; readonly path: string }
  | { readonly kind: 'asked' };

export interface Parameter {
  readonly name: string;
  readonly type: ParameterType;
  /** In this order; the first that has a value wins. */
  readonly from: readonly ParameterFrom[];
  /** A whole value must match it; '' is no more than the type asks. Go's syntax. */
  readonly pattern: string;
  /** Null when there is none. */
  readonly fallback: string | null;
  readonly required: boolean;
  /** For whoever is asked for it. */
  readonly description: PlainText;
  /** As it stands in the text, e.g. `<namespace>`; for messages. */
  readonly written: PlainText;
  readonly line: number;
}
