import {
  answer,
  type ScriptedAnswer,
  ScriptedBody,
  type ScriptedRequest,
  statusAnswer,
} from './scripted-api.ts';

interface Change {
  readonly revision: number;
  readonly line: string;
}

/** One collection of an API server, in memory, in JSON: list in pages, watch, WatchList, and a history that can be forgotten. */
export class ScriptedCollection {
  readonly #objects = new Map<string, object>();
  readonly #open = new Set<ScriptedBody>();
  #history: Change[] = [];
  #revision = 100;
  #oldest = 100;
  /** Answers WatchList with 422 when false. */
  watchList = true;
  /** The next change is sent as something that does not parse. */
  garble = false;
  /** Of the objects that are put from now on; '' for none. */
  namespace = '';
  /** Objects in a page; a request's own limit is not looked at. */
  page = 2;

  put(name: string, phase = 'Active', uid = `uid-${name}`): void {
    const type = this.#objects.has(name) ? 'MODIFIED' : 'ADDED';
    this.#revision += 1;
    const object = {
      metadata: { name, ...this.#inside(), uid, resourceVersion: String(this.#revision) },
      status: { phase },
    };
    this.#objects.set(name, object);
    this.#tell(type, object);
  }

  delete(name: string): void {
    const object = this.#objects.get(name);
    if (object === undefined) return;
    this.#objects.delete(name);
    this.#revision += 1;
    const metadata = { name, ...this.#inside(), resourceVersion: String(this.#revision) };
    this.#tell('DELETED', { metadata });
  }

  /** Watches from before now get 410. */
  forget(): void {
    this.#revision += 1;
    this.#oldest = this.#revision;
    this.#history = [];
  }

  bookmark(): void {
    const metadata = { resourceVersion: String(this.#revision) };
    this.write(`${JSON.stringify({ type: 'BOOKMARK', object: { metadata } })}\n`);
  }

  /** To every open watch, as it is. */
  write(text: string): void {
    for (const body of this.#open) body.write(text);
  }

  /** Ends every open watch. */
  cut(how: 'end' | 'break'): void {
    for (const body of this.#open) body[how]();
    this.#open.clear();
  }

  get watching(): number {
    return [...this.#open].filter((body) => body.open).length;
  }

  /** Name to phase. */
  get world(): Record<string, string> {
    const entries = [...this.#objects].map(([name, object]) => {
      const { status } = object as { status: { phase: string } };
      return [name, status.phase] as const;
    });
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  readonly serve = ({ query }: ScriptedRequest): ScriptedAnswer => {
    if (query.get('watch') !== 'true') return this.#list(query.get('continue'));
    if (query.get('sendInitialEvents') === 'true') return this.#watchList();
    return this.#watch(Number(query.get('resourceVersion')));
  };

  #watchList(): ScriptedAnswer {
    if (!this.watchList) return statusAnswer(422, 'sendInitialEvents is forbidden');
    const body = this.#openBody();
    for (const object of this.#objects.values()) body.write(line('ADDED', object));
    const annotations = { 'k8s.io/initial-events-end': 'true' };
    const metadata = { resourceVersion: String(this.#revision), annotations };
    body.write(line('BOOKMARK', { metadata }));
    return { status: 200, body };
  }

  #watch(from: number): ScriptedAnswer {
    const body = this.#openBody();
    if (from < this.#oldest) {
      const status = { code: 410, reason: 'Expired', message: 'too old resource version' };
      body.write(line('ERROR', { kind: 'Status', ...status }));
    } else {
      for (const change of this.#history) if (change.revision > from) body.write(change.line);
    }
    return { status: 200, body };
  }

  #list(token: string | null): ScriptedAnswer {
    const [revision, start] = (token ?? `${this.#revision}/0`).split('/').map(Number);
    if (revision === undefined || start === undefined || revision < this.#oldest) {
      return statusAnswer(410, 'the continue token is too old');
    }
    const all = [...this.#objects.values()];
    const next = start + this.page;
    const metadata = {
      resourceVersion: String(revision),
      ...(next < all.length ? { continue: `${revision}/${next}` } : {}),
    };
    return answer(200, JSON.stringify({ metadata, items: all.slice(start, next) }));
  }

  #inside(): { namespace?: string } {
    return this.namespace === '' ? {} : { namespace: this.namespace };
  }

  #openBody(): ScriptedBody {
    const body = new ScriptedBody();
    this.#open.add(body);
    return body;
  }

  #tell(type: string, object: object): void {
    const text = this.garble ? '{"type":"MODIFIED","object":{]\n' : line(type, object);
    this.garble = false;
    const change = { revision: this.#revision, line: text };
    this.#history.push(change);
    this.write(change.line);
  }
}

const line = (type: string, object: object): string => `${JSON.stringify({ type, object })}\n`;
