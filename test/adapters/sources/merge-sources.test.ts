import { describe, expect, it } from 'vitest';
import { mergeSources } from '../../../src/adapters/sources/merge-sources.ts';
import type { Signal } from '../../../src/kernel/fact.ts';
import { noSource } from '../../../src/kernel/no-source.ts';
import type { SourcePort } from '../../../src/kernel/ports.ts';

const says = (scope: string): SourcePort<string> => ({
  watch: async (emit, signal) => {
    emit([{ kind: 'observed', scope, data: scope }]);
    await noSource.watch(emit, signal);
  },
});

describe('mergeSources', () => {
  it('given two, when watched, then both are heard, and both end with the signal', async () => {
    const stop = new AbortController();
    const said: Signal<string>[] = [];
    const running = mergeSources(says('a'), says('b')).watch((s) => said.push(...s), stop.signal);
    expect(said.map((s) => s.scope)).toEqual(['a', 'b']);
    stop.abort();
    await running;
  });

  it('given one that throws, when watched, then the other ends too, and it is thrown on', async () => {
    let ended = false;
    const other: SourcePort<string> = {
      watch: async (emit, signal) => {
        await noSource.watch(emit, signal);
        ended = true;
      },
    };
    const broken: SourcePort<string> = { watch: () => Promise.reject(new Error('a bug')) };
    const never = new AbortController().signal;
    await expect(mergeSources(other, broken).watch(() => {}, never)).rejects.toThrow('a bug');
    expect(ended).toBe(true);
  });
});
