import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closedLive } from '../../src/cli/closed-plan.ts';
import { runProgram } from '../../src/cli/program.ts';
import { RunbookDesk } from '../../src/cli/runbook-desk.ts';
import { emptyWorld } from '../../src/kernel/world.ts';
import { unicodeGlyphs } from '../../src/views/parts/glyphs.ts';
import { lineText } from '../../src/views/parts/line.ts';
import { newSession, placeOf } from '../../src/views/session.ts';

const text = '# Pay\n\n## Look\n\nLook.\n';

let home: string;
const put = (path: string, content: string | Buffer): void => {
  mkdirSync(dirname(join(home, path)), { recursive: true });
  writeFileSync(join(home, path), content);
};

/** Writes an object as git keeps it, and returns its id. */
const keep = (type: string, data: Buffer): string => {
  const whole = Buffer.concat([Buffer.from(`${type} ${data.length}\0`), data]);
  const id = createHash('sha1').update(whole).digest('hex');
  put(`books/.git/objects/${id.slice(0, 2)}/${id.slice(2)}`, deflateSync(whole));
  return id;
};

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'midwatch-dirty-'));
  const blob = keep('blob', Buffer.from(text));
  const tree = Buffer.concat([Buffer.from('100644 pay.md\0'), Buffer.from(blob, 'hex')]);
  const commit = keep('commit', Buffer.from(`tree ${keep('tree', tree)}\nauthor a\n\nx\n`));
  put('books/.git/HEAD', `${commit}\n`);
  put('books/pay.md', text);
  put('config/midwatch/config.yaml', `runbooks:\n  folders: [${join(home, 'books')}]\n`);
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const list = async (): Promise<string> => {
  let out = '';
  await runProgram(['runbook', 'list'], {
    env: { HOME: home, XDG_CONFIG_HOME: join(home, 'config') },
    paints: false,
    out: (words: string) => {
      out += words;
    },
    err: () => undefined,
  });
  return out.split('\n').find((line) => line.startsWith('pay ')) ?? '';
};

const screen = async (): Promise<string> => {
  const settings = { folders: [join(home, 'books')], prefixes: [], fetch: false, allowHosts: [] };
  const ended = new AbortController();
  const shelf = await new RunbookDesk(settings, closedLive, ended.signal).open();
  ended.abort();
  if (shelf === null) throw new Error('the runbooks could not be read');
  const place = placeOf('runbook', { runbook: `${join(home, 'books')}/pay.md` });
  const content = shelf.paint.runbook(shelf, {
    world: emptyWorld,
    session: newSession(place),
    place,
    now: emptyWorld.at,
    width: 200,
    height: 30,
    glyphs: unicodeGlyphs,
  });
  return content.head.map(lineText).join('\n');
};

describe('a working copy that was changed', () => {
  it('given files as the commit has them, then it stands alone', async () => {
    expect(await list()).toMatch(/ @ [0-9a-f]{7} /);
    expect(await screen()).toMatch(/pay\.md @ [0-9a-f]{7}$/m);
    expect(await screen()).not.toContain('changed it here');
  });

  it('given a runbook that was changed, then that stands beside the commit, and on its own screen', async () => {
    put('books/pay.md', `${text}\nmore\n`);
    expect(await list()).toMatch(/ @ [0-9a-f]{7}-dirty /);
    expect(await screen()).toMatch(/pay\.md @ [0-9a-f]{7}-dirty$/m);
    expect(await screen()).toContain('this file is not as its commit has it');
  });

  it('given another one that was added, then the copy is told to be changed, and not this file', async () => {
    put('books/new.md', '# New\n');
    expect(await list()).toMatch(/ @ [0-9a-f]{7}-dirty /);
    expect(await screen()).toContain('-dirty');
    expect(await screen()).not.toContain('changed it here');
  });
});
