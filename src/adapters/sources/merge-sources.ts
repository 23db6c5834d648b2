import type { SourcePort } from '../../kernel/ports.ts';

/** Both at once, as one source. Their scopes must differ. When one ends before its time, so does the other. */
export const mergeSources = <Data>(a: SourcePort<Data>, b: SourcePort<Data>): SourcePort<Data> => ({
  watch: async (emit, signal) => {
    const ended = new AbortController();
    const both = AbortSignal.any([signal, ended.signal]);
    const watch = (source: SourcePort<Data>) =>
      source.watch(emit, both).finally(() => ended.abort());
    const results = await Promise.allSettled([watch(a), watch(b)]);
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  },
});
