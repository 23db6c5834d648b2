import { describe, expect, it } from 'vitest';
import type { Signal } from '../../src/kernel/fact.ts';
import { failed, failure, ok, type Result } from '../../src/kernel/failure.ts';
import type { ApiResource, Ports } from '../../src/kernel/ports.ts';
import { minutes, seconds } from '../../src/kernel/units.ts';
import { discovery, listed, resourcesKept, type Served } from '../../src/probes/discovery.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { served } from '../support/scenes.ts';

const certificates = served('certificates', 'cert-manager.io', 'Certificate');

/** Watches a server that gives these answers one after the other, the last one for ever. */
const watch = (answers: readonly Result<readonly ApiResource[]>[]) => {
  const clock = new FakeClock();
  const stop = new AbortController();
  const signals: Signal<Served>[] = [];
  let asked = 0;
  const kubernetes = {
    discover: () => {
      const answer = answers[Math.min(asked, answers.length - 1)];
      asked += 1;
      return Promise.resolve(answer);
    },
  };
  const ports = { clock, kubernetes } as unknown as Ports;
  const done = discovery.observe(ports, (s) => signals.push(...s), stop.signal);
  return {
    clock,
    signals,
    asked: () => asked,
    stop: () => {
      stop.abort();
      return done;
    },
  };
};

describe('discovery', () => {
  it('given what cannot be listed, when it is discovered, then it is left out, and each resource is there once', () => {
    const all = [
      certificates,
      served('pods/log', '', 'Pod'),
      served('tokenreviews', 'authentication.k8s.io', 'TokenReview', { verbs: ['create'] }),
      served('certificates', 'cert-manager.io', 'Certificate', { version: 'v1alpha1' }),
    ];
    expect(listed(all)).toEqual([certificates]);
  });

  it('given a server that serves without end, when it is discovered, then what is kept is bounded', () => {
    const all = Array.from({ length: 3000 }, (_, i) => served(`r${i}`, 'x.io', 'R'));
    expect(listed(all)).toHaveLength(resourcesKept);
    expect(discovery.schema.safeParse(listed(all)).success).toBe(true);
  });

  it('given no change, when it is asked again after five minutes, then only that all is current is said', async () => {
    const w = watch([ok([certificates])]);
    await w.clock.advance(minutes(11));
    expect(w.asked()).toBe(3);
    expect(w.signals.map((s) => s.kind)).toEqual(['observed', 'synced', 'synced', 'synced']);
    await w.stop();
  });

  it('given a failure, when it is asked, then it says so and asks again soon', async () => {
    const w = watch([failed(failure('unreachable', 'discover', 'no route')), ok([certificates])]);
    await w.clock.advance(seconds(31));
    expect(w.signals.map((s) => s.kind)).toEqual(['failed', 'observed', 'synced']);
    await w.stop();
  });
});
