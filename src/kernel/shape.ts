/**
 * Which fields of a Kubernetes object are read off the wire, declared once as data for both encodings:
 * the property name is the JSON key, the number is the protobuf field number of `generated.proto` in k8s.io/api
 * (a stable contract). Everything not named is skipped without being built.
 *
 * Both readers leave out what is empty ('' 0 false, empty lists and maps): JSON omits it, protobuf writes it.
 * A message that is there but empty is read as {}: `running: {}` is not the same as no `running`.
 */
export type Shape =
  | {
      readonly t:
        | 'string'
        | 'bool'
        | 'flag'
        | 'int'
        | 'time'
        | 'quantity'
        | 'intOrString'
        | 'strings';
      readonly n: number;
    }
  /** map<string, string> and map<string, Quantity>; `only` names the keys to keep, all when absent. */
  | {
      readonly t: 'stringMap' | 'quantityMap';
      readonly n: number;
      readonly only?: readonly string[];
    }
  | { readonly t: 'message' | 'inline' | 'messages'; readonly n: number; readonly fields: Fields };

export type Fields = Readonly<Record<string, Shape>>;

export const str = (n: number) => ({ t: 'string', n }) as const;
export const bool = (n: number) => ({ t: 'bool', n }) as const;
/** A bool that may be absent, where false is not the same as absent: kept when it is false. */
export const flag = (n: number) => ({ t: 'flag', n }) as const;
/** Any integer type; `int64` beyond 2^53 is not expected in the fields that are read. */
export const int = (n: number) => ({ t: 'int', n }) as const;
/** metav1.Time or MicroTime, read as milliseconds since the epoch. */
export const time = (n: number) => ({ t: 'time', n }) as const;
/** resource.Quantity, read as its string. */
export const quantity = (n: number) => ({ t: 'quantity', n }) as const;
/** intstr.IntOrString, read as a string. */
export const intOrString = (n: number) => ({ t: 'intOrString', n }) as const;
/** repeated string */
export const strs = (n: number) => ({ t: 'strings', n }) as const;
export const strMap = (n: number, only?: readonly string[]) =>
  ({ t: 'stringMap', n, ...(only === undefined ? {} : { only }) }) as const;
export const quantityMap = (n: number, only?: readonly string[]) =>
  ({ t: 'quantityMap', n, ...(only === undefined ? {} : { only }) }) as const;
export const msg = <F extends Fields>(n: number, fields: F) =>
  ({ t: 'message', n, fields }) as const;
/** A message in protobuf whose fields JSON writes into the parent (Go's embedded structs); always read. */
export const inline = <F extends Fields>(n: number, fields: F) =>
  ({ t: 'inline', n, fields }) as const;
export const msgs = <F extends Fields>(n: number, fields: F) =>
  ({ t: 'messages', n, fields }) as const;

/** What a reader returns for a shape: every field may be missing. */
export type Read<F extends Fields> = { readonly [K in keyof F]?: ReadOne<F[K]> };
type ReadOne<S> = S extends { t: 'message' | 'inline'; fields: infer F extends Fields }
  ? Read<F>
  : S extends { t: 'messages'; fields: infer F extends Fields }
    ? readonly Read<F>[]
    : S extends { t: 'bool' | 'flag' }
      ? boolean
      : S extends { t: 'int' | 'time' }
        ? number
        : S extends { t: 'strings' }
          ? readonly string[]
          : S extends { t: 'stringMap' | 'quantityMap' }
            ? Readonly<Record<string, string>>
            : string;

/** ObjectMeta, as far as any kind here needs it. Every kind has it as field 1. */
export const metadata = msg(1, {
  name: str(1),
  namespace: str(3),
  uid: str(5),
  resourceVersion: str(6),
  creationTimestamp: time(8),
  deletionTimestamp: time(9),
  labels: strMap(11),
  ownerReferences: msgs(13, { kind: str(1), name: str(3), uid: str(4), controller: bool(6) }),
});
