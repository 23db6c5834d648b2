import { afterEach, describe, expect, it } from 'vitest';
import { attach, attachPath } from '../../../src/adapters/attach/attach.ts';
import { maskedFrame } from '../../../src/adapters/kubernetes/port-forward-frames.ts';
import { never, resolvedFor } from '../../support/api-client.ts';
import { PlayedTerminal } from '../../support/played-terminal.ts';
import { ScriptedAttach, serverFrame } from '../../support/scripted-attach.ts';
import { until } from '../../support/until.ts';

const request = {
  kind: 'attach',
  namespace: 'shop',
  pod: 'cart-7d9f.x',
  container: 'midwatch-abcde',
  tty: true,
} as const;

let server: ScriptedAttach | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

const secret = { authorization: null, certificate: null };
const joinTo = (address: string, forbidden: (path: string) => string | null = () => null) =>
  attach({
    resolved: resolvedFor(address),
    credential: { current: async () => ({ ok: true, value: secret }), invalidate: () => false },
    version: 'test',
    forbidden,
  });

const session = async (signal: AbortSignal = never) => {
  const there = await ScriptedAttach.open();
  server = there;
  const terminal = new PlayedTerminal();
  const result = joinTo(there.address)(request, terminal, signal);
  await there.joined();
  return { there, terminal, result };
};

describe('a session in a container', () => {
  it('given a pod, when it is joined, then it is asked for a terminal and for nothing that is run', async () => {
    const { there, result } = await session();
    const [asked] = there.asked;
    expect(asked?.method).toBe('GET');
    expect(asked?.url).toBe(
      '/api/v1/namespaces/shop/pods/cart-7d9f.x/attach?container=midwatch-abcde&stdin=true&stdout=true&stderr=false&tty=true',
    );
    expect(asked?.headers['sec-websocket-protocol']).toBe('v5.channel.k8s.io, v4.channel.k8s.io');
    there.end({ status: 'Success' });
    expect(await result).toEqual({ ok: true, value: { kind: 'ended', bytes: 0 } });
  });

  it('given keys and a size, when they come, then each goes over its own channel, and the size goes first', async () => {
    const { there, terminal, result } = await session();
    await there.hears(4, '{"Width":80,"Height":24}');
    terminal.type('ls\r');
    await there.hears(0, 'ls\r');
    terminal.resize(133, 41);
    await there.hears(4, '{"Width":133,"Height":41}');
    terminal.type('grüße\r');
    await there.hears(0, 'grüße\r');
    expect(there.heard[0]?.channel).toBe(4);
    there.end({ status: 'Success' });
    expect(await result).toMatchObject({ ok: true });
    expect(terminal.resizeListeners).toBe(0);
  });

  it('given bytes of the process, cut anywhere and between pings, when they come, then the terminal has them all', async () => {
    const { there, terminal, result } = await session();
    there.say(1, 'one ');
    there.raw(serverFrame(2, Buffer.concat([Buffer.from([1]), Buffer.from('two ')]), false));
    there.raw(serverFrame(9, Buffer.from('p')));
    there.raw(serverFrame(0, Buffer.from('three ')));
    const four = serverFrame(2, Buffer.concat([Buffer.from([2]), Buffer.from('four')]));
    for (const byte of four) there.raw(Buffer.from([byte]));
    there.say(9, 'for nobody');
    await until('all is there', () => terminal.text() === 'one two three four');
    expect(there.heard.some((h) => h.opcode === 10)).toBe(true);
    there.end({ status: 'Success' });
    expect(await result).toEqual({ ok: true, value: { kind: 'ended', bytes: 18 } });
  });

  it('given a process that ends, when the server says how, then only what is no exit is a failure', async () => {
    const first = await session();
    first.there.end({ status: 'Failure', message: 'command terminated with exit code 3' });
    expect(await first.result).toMatchObject({ ok: true, value: { kind: 'ended' } });
    await server?.close();
    const second = await session();
    second.there.end({ status: 'Failure', message: '\u001b[31mcontainer not found' });
    expect(await second.result).toMatchObject({
      ok: false,
      failure: { kind: 'refused', message: 'container not found' },
    });
  });

  it('given a connection that goes without a word, when nothing was said of the process, then nobody claims that it ended', async () => {
    const { there, terminal, result } = await session();
    there.say(1, 'half');
    await terminal.shows('half');
    there.drop();
    expect(await result).toMatchObject({ ok: false, failure: { kind: 'ended' } });
  });

  it('given a person who leaves, or a signal, when it comes, then the connection is dropped, and the process was told nothing', async () => {
    const { there, terminal, result } = await session();
    await there.hears(4, '{"Width":80,"Height":24}');
    terminal.leave();
    expect(await result).toEqual({ ok: true, value: { kind: 'detached', bytes: 0 } });
    await until('it is dropped', () => there.closed);
    expect(there.heard.filter((h) => h.channel === 0)).toEqual([]);
    expect(terminal.resizeListeners).toBe(0);
    await server?.close();
    const stop = new AbortController();
    const other = await session(stop.signal);
    stop.abort();
    expect(await other.result).toMatchObject({ ok: true, value: { kind: 'detached' } });
    await until('it is dropped', () => other.there.closed);
  });

  it('given frames that no server sends, when they come, then it is over, and says so', async () => {
    const { there, result } = await session();
    there.raw(maskedFrame('binary', Buffer.from([1, 65]), Buffer.from([1, 2, 3, 4])));
    expect(await result).toMatchObject({
      ok: false,
      failure: { kind: 'ended', message: expect.stringMatching(/^the connection broke: /) },
    });
    await until('it is dropped', () => there.closed);
  });

  it('given a server that refuses, then its words and the rights that it takes are told', async () => {
    const body = JSON.stringify({ kind: 'Status', message: 'pods "cart" is forbidden' });
    server = await ScriptedAttach.open('v5.channel.k8s.io', body);
    expect(await joinTo(server.address)(request, new PlayedTerminal(), never)).toMatchObject({
      ok: false,
      failure: {
        kind: 'forbidden',
        hint: 'ask for the verbs get and create on pods/attach in this namespace',
      },
    });
  });

  it('given an older server, when it speaks the fourth protocol, then it is spoken', async () => {
    server = await ScriptedAttach.open('v4.channel.k8s.io');
    const terminal = new PlayedTerminal();
    const result = joinTo(server.address)(request, terminal, never);
    await server.joined();
    server.say(1, 'hello');
    await terminal.shows('hello');
    server.end({ status: 'Success' });
    expect(await result).toMatchObject({ ok: true, value: { kind: 'ended', bytes: 5 } });
  });

  it('given a guard that says no, or a name that is none, then nothing is dialled', async () => {
    server = await ScriptedAttach.open();
    const terminal = new PlayedTerminal();
    const closed = await joinTo(server.address, () => 'read-only')(request, terminal, never);
    expect(closed).toMatchObject({ ok: false, failure: { message: 'read-only' } });
    for (const part of ['a/../b', 'x?command=sh', 'a&command=id', '', 'A', 'a..b', 'a%2f']) {
      for (const field of ['namespace', 'pod', 'container'] as const) {
        expect(attachPath({ ...request, [field]: part }).ok, `${field} ${part}`).toBe(false);
      }
    }
    expect(server.asked).toEqual([]);
  });
});
