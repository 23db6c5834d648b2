import type { Acknowledgement } from '../kernel/acknowledgement.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Result } from '../kernel/failure.ts';
import type { SourcePort } from '../kernel/ports.ts';
import { mib } from '../kernel/units.ts';
import { acknowledgementLines } from './acknowledgement-lines.ts';
import { openAppendLog } from './append-log.ts';

/** Five to ten thousand acknowledgements, more than anybody keeps; an older one stays in the file and counts no more. */
const window = mib(1);

export interface AcknowledgementsOptions {
  /** JSON lines; made with its directory when somebody acknowledges for the first time. */
  readonly path: string;
  readonly clock: Clock;
}

/** A file of acknowledgements that several programs read and append to at the same time. */
export interface Acknowledgements {
  readonly port: SourcePort<Acknowledgement>;
  /** Resolves when it would survive the loss of power, or with the reason why it will not. */
  put(acknowledgement: Acknowledgement): Promise<Result<void>>;
}

/** Opens nothing yet: a file that cannot be read or written is a signal, or a failed `put`. */
export const openAcknowledgements = ({
  path,
  clock,
}: AcknowledgementsOptions): Acknowledgements => {
  const ops = { put: 'acknowledge', read: 'read acknowledgements' };
  const log = openAppendLog({ path, clock, lines: acknowledgementLines, window, ops });
  return { port: log.port, put: (acknowledgement) => log.put([acknowledgement]) };
};
