import { z } from 'zod';
import { failureSchema } from './failure.ts';
import type { EpochMs, Revision } from './units.ts';

declare const probe: unique symbol;
/** Name of a probe, e.g. `pods`, `link`. It is also the name of its slice of the world. */
export type ProbeId = string & { readonly [probe]: true };
export const probeId = (name: string): ProbeId => name as ProbeId;

/**
 * Which part of what a probe watches a signal is about: a namespace, or '' for all of it.
 * A user who may see two namespaces has two scopes, each with a freshness of its own.
 */
export type Scope = string;
export const everywhere: Scope = '';

/**
 * What a probe may say.
 * `observed` something new, as the probe's own data. `synced` from here on the scope is complete and current.
 * `heard` the source is alive and has no news. `gap` news may have been missed, or is late.
 * `failed` the source cannot be read now.
 */
export type Signal<Data = unknown> =
  | { readonly kind: 'observed'; readonly scope: Scope; readonly data: Data }
  | { readonly kind: 'synced'; readonly scope: Scope }
  | { readonly kind: 'heard'; readonly scope: Scope }
  | { readonly kind: 'gap'; readonly scope: Scope; readonly why: string }
  | {
      readonly kind: 'failed';
      readonly scope: Scope;
      readonly failure: z.infer<typeof failureSchema>;
    };

/** What can be in a journal. A closed envelope; the payload of `observed` belongs to its probe. */
export type Fact =
  | ({ readonly probe: ProbeId } & Signal)
  /** A session or a recording begins. */
  | {
      readonly kind: 'opened';
      readonly cluster: string;
      readonly context: string;
      readonly by: string;
    }
  /** A person or a script names this moment. */
  | { readonly kind: 'mark'; readonly label: string };

export interface Entry {
  readonly rev: Revision;
  readonly at: EpochMs;
  readonly fact: Fact;
}

const said = { probe: z.string(), scope: z.string() };
/** For entries that come from a file. Probes check the payload of `observed` themselves. */
export const factSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('observed'), ...said, data: z.unknown() }),
  z.object({ kind: z.literal('synced'), ...said }),
  z.object({ kind: z.literal('heard'), ...said }),
  z.object({ kind: z.literal('gap'), ...said, why: z.string() }),
  z.object({ kind: z.literal('failed'), ...said, failure: failureSchema }),
  z.object({ kind: z.literal('opened'), cluster: z.string(), context: z.string(), by: z.string() }),
  z.object({ kind: z.literal('mark'), label: z.string() }),
]);

export const entrySchema = z.object({
  rev: z.number().int().positive(),
  at: z.number().int(),
  fact: factSchema,
});
