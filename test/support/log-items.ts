import type { LogItem, LogNote } from '../../src/kernel/effect-ports.ts';
import { type EpochMs, epochMs } from '../../src/kernel/units.ts';
import { now } from './objects.ts';

export const gateway = 'payments/gateway-7d9f8c6b5-4crcm/gateway';
export const otherGateway = 'payments/gateway-7d9f8c6b5-x2x9k/gateway';

const stampOf = (at: number, nanos: number): string =>
  new Date(at).toISOString().replace('Z', `${String(nanos).padStart(6, '0')}Z`);

/** A line so many milliseconds after the evening began. */
export const said = (
  ms: number,
  text: string,
  source = gateway,
  more: { readonly nanos?: number; readonly cut?: boolean } = {},
): Extract<LogItem, { kind: 'line' }> => ({
  kind: 'line',
  source,
  stamp: stampOf(now + ms, more.nanos ?? 0),
  at: epochMs(now + ms),
  text,
  cut: more.cut ?? false,
});

export const noted = (ms: number, note: LogNote, text: string, source = gateway): LogItem => ({
  kind: 'note',
  source,
  at: epochMs(now + ms) as EpochMs,
  note,
  text,
});
