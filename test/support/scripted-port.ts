import { failed, failure, ok, type Result } from '../../src/kernel/failure.ts';
import { noSources } from '../../src/kernel/no-source.ts';
import type { KubernetesPort, Ports } from '../../src/kernel/ports.ts';
import { FakeClock } from './fake-clock.ts';

export interface ScriptedAnswer {
  readonly status: number;
  readonly body: string;
}

const unused = (): never => {
  throw new Error('this probe has no use for that');
};

/** Ports whose `get` and `probe` answer from a table by path, which a test may change at any time. */
export const scriptedPorts = (answers: Map<string, ScriptedAnswer>) => {
  const clock = new FakeClock();
  const asked: string[] = [];
  const answer = (path: string): ScriptedAnswer => {
    asked.push(path);
    return answers.get(path) ?? { status: 404, body: 'not found' };
  };
  const kubernetes: KubernetesPort = {
    watch: unused,
    watchTable: unused,
    link: unused,
    discover: unused,
    may: unused,
    // Status 0: nobody answers.
    probe: async (path) => {
      const said = answer(path);
      return said.status === 0 ? failed(failure('unreachable', 'get', said.body)) : ok(said);
    },
    get: async (path): Promise<Result<string>> => {
      const { status, body } = answer(path);
      if (status === 200) return ok(body);
      const kind = status === 403 ? 'forbidden' : status === 404 ? 'absent' : 'broken';
      return failed(failure(kind, 'get', body, { on: path, status }));
    },
  };
  const ports: Ports = { clock, kubernetes, ...noSources };
  return { clock, asked, ports };
};
