import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One recorded request and what came of it. */
export interface Recorded {
  readonly endpoint: string;
  readonly path: string;
  readonly httpStatus?: number;
  readonly body?: unknown;
  readonly error?: { readonly code: string };
}

export type EtcdRelease = '3.5' | '3.6';
export const releases: readonly EtcdRelease[] = ['3.5', '3.6'];

const read = (release: EtcdRelease, name: string): string =>
  readFileSync(join(import.meta.dirname, '../../fixtures/etcd', release, name), 'utf8');

/** Recorded answers, in the order of the members that gave them. */
export const recorded = (release: EtcdRelease, name: string): readonly Recorded[] => {
  const all: unknown = JSON.parse(read(release, `${name}.json`));
  return (Array.isArray(all) ? all : [all]) as readonly Recorded[];
};

/** Lines of recorded metrics. */
export const recordedMetrics = (release: EtcdRelease, name: string): readonly string[] =>
  read(release, `${name}.prom`).split('\n');
