import { type Bytes, bytes, type MilliCpu, milliCpu } from '../kernel/units.ts';

const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

const form = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d+)|(n|u|m|k|M|G|T|P|E|[KMGTPE]i))?$/;

/**
 * Value of a resource.Quantity (`100m`, `1.5Gi`, `2e3`), in its base unit; null for what is not one.
 * Exact up to 2^53; the server's own arithmetic is decimal and arbitrary.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export const quantity = (text: string): number | null => {
  const parts = form.exec(text);
  if (parts === null) return null;
  const [, digits = '', exponent, suffix = ''] = parts;
  if (exponent !== undefined) return Number(digits + exponent);
  const factor = factors[suffix];
  if (factor === undefined) return null;
  // Dividing by a whole number keeps 100m an exact tenth of a thousand; multiplying by 0.001 would not.
  return factor < 1 ? Number(digits) / Math.round(1 / factor) : Number(digits) * factor;
};

/** CPU in thousandths of a core, rounded up as Kubernetes does; 0 for nothing or nonsense. */
export const cpuOf = (text: string | undefined): MilliCpu =>
  milliCpu(text === undefined ? 0 : roundUp((quantity(text) ?? 0) * 1000));

/** Memory or storage in whole bytes, rounded up; 0 for nothing or nonsense. */
export const bytesOf = (text: string | undefined): Bytes =>
  bytes(text === undefined ? 0 : roundUp(quantity(text) ?? 0));

/** A count such as `pods`; 0 for nothing or nonsense. */
export const countOf = (text: string | undefined): number =>
  text === undefined ? 0 : roundUp(quantity(text) ?? 0);

// Away from zero, but not because of a rounding error of binary fractions: 0.1 * 3000 is 300.00000000000006.
const roundUp = (value: number): number => {
  const near = Math.round(value);
  if (Math.abs(value - near) <= Math.abs(value) * 1e-12) return near;
  return value < 0 ? Math.floor(value) : Math.ceil(value);
};
