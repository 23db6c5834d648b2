import { failureText } from '../kernel/failure.ts';
import { type Milliseconds, mib } from '../kernel/units.ts';
import { askedSources } from './ask-sources.ts';
import { openClusterSession, startWatching } from './cluster-session.ts';
import type { Config } from './config.ts';
import type { ClusterFlags, Io } from './io.ts';
import type { WebhookFlags } from './local-sources.ts';
import { usageError } from './program.ts';
import { defaultLimit, recordSession } from './record-session.ts';
import type { SourceFlags } from './sources.ts';
import { untilSignal } from './until-signal.ts';

export interface RecordOptions {
  readonly file: string;
  readonly flags: ClusterFlags &
    SourceFlags &
    WebhookFlags & {
      readonly for?: Milliseconds;
      readonly maxSize?: number;
      readonly title?: string;
    };
  readonly config: Config;
  readonly io: Io;
  readonly version: string;
}

/** Records without a screen until the time is over or a signal comes. 0: everything is safe. 1: some of it is not. */
export const runRecord = async (options: RecordOptions): Promise<number> => {
  const { file, flags, config, io, version } = options;
  const sources = askedSources(flags, config, io);
  if (sources === null) return usageError;
  const opened = await openClusterSession(
    startWatching(flags, ['nodes', 'pods'], version, sources.named),
    version,
    sources.local,
  );
  if (!opened.ok) {
    io.err(`midwatch: ${failureText(opened.failure)}\n${opened.failure.hint ?? ''}\n`);
    return usageError;
  }
  const cluster = opened.value;
  const limit = flags.maxSize ?? config.recordingLimit;
  const stop = untilSignal(flags.for);
  const running = cluster.run(stop);
  io.err(`recording ${cluster.info.context} into ${file}; Ctrl+C ends it\n`);
  const ended = await recordSession(
    {
      cluster,
      path: file,
      version,
      maxSize: limit === undefined ? defaultLimit : mib(limit),
      ...(flags.title === undefined ? {} : { about: { title: flags.title } }),
    },
    stop,
    (trouble) => io.err(`midwatch: ${trouble}\n`),
  );
  if (!ended.ok) {
    await cluster.close();
    return 1;
  }
  await running;
  await cluster.close();
  const { value } = ended;
  io.err(`${file}: ${value.acknowledged} entries, ${Math.ceil(value.size / 1024)} KiB\n`);
  return value.kind === 'ended' ? 0 : 1;
};
