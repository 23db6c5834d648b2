import { z } from 'zod';
import type { Bytes, EpochMs, MilliCpu } from '../kernel/units.ts';

type Primitive = string | number | boolean | null | undefined;

/** What a schema yields, as data nobody changes. */
export type DeepReadonly<T> = T extends Primitive
  ? T
  : T extends readonly (infer E)[]
    ? readonly DeepReadonly<E>[]
    : { readonly [K in keyof T]: DeepReadonly<T[K]> };

export type Parsed<S extends z.ZodType> = DeepReadonly<z.infer<S>>;

const finite = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value);

export const epochSchema = z.custom<EpochMs>(finite, 'not a time');
export const bytesSchema = z.custom<Bytes>(finite, 'not a number of bytes');
export const milliCpuSchema = z.custom<MilliCpu>(finite, 'not a number of thousandths of a core');
export const countSchema = z.number().int();
export const labelsSchema = z.record(z.string(), z.string());
