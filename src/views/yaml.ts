import { plainText } from '../kernel/text.ts';
import type { World } from '../kernel/world.ts';
import { documentOf, refOfArgs, refText, resourceText } from './documents.ts';
import { type Matcher, matcherOf } from './filter.ts';
import { objectKeys } from './keymap.ts';
import { cutLine, type Line, line, span } from './parts/line.ts';
import { mark } from './parts/mark.ts';
import { sign } from './parts/tone.ts';
import { count } from './parts/words.ts';
import { wrap } from './parts/wrap.ts';
import type { Plain } from './parts/yaml-emit.ts';
import { breakLine, colourYaml } from './parts/yaml-lines.ts';
import { objectOf } from './related.ts';
import { type Content, type Rows, rowsOf, textRows, type View, type ViewInput } from './view.ts';
import { yamlOfObject } from './yaml-text.ts';

interface Painted {
  readonly text: string;
  readonly width: number;
  readonly matcher: Matcher;
  readonly lines: readonly Line[];
  readonly found: number;
}

let last: Painted | null = null;

/** Lines of the screen for a text; the text of a large object is coloured once, not at every key. */
const painted = (text: string, width: number, matcher: Matcher): Painted => {
  if (last?.text === text && last.width === width && last.matcher === matcher) return last;
  const marked = colourYaml(text.split('\n').map((l) => plainText(l))).map((l) => mark(l, matcher));
  const found = marked.reduce((sum, l) => sum + l.found, 0);
  const lines = marked.flatMap((l) => breakLine(l.line, width - 2)).map((l) => line(' ', l));
  last = { text, width, matcher, lines, found };
  return last;
};

/** The slim object as YAML, in replay and while the whole one is on its way. */
const slimText = (world: World, input: ViewInput): string | null => {
  const object = objectOf(world, refOfArgs(input.place.args));
  return object === null
    ? null
    : yamlOfObject(object as unknown as Plain, { managedFields: false });
};

const keptOnly = '# only these fields are kept here; the whole object is not in a recording';

const message = (tone: 'bad' | 'progress' | 'unknown', text: string, input: ViewInput) => {
  const [first = '', ...more] = wrap(plainText(text), input.width - 3, 12);
  return [line(' ', sign(tone, input.glyphs), ` ${first}`), ...more.map((l) => line(`   ${l}`))];
};

const textContent = (input: ViewInput, text: string, head: readonly Line[]): Content => {
  const ref = refOfArgs(input.place.args);
  const { filter } = input.place;
  const matcher = matcherOf(filter);
  const { lines, found } = painted(text, input.width, matcher);
  const searched = matcher.active ? ` </${plainText(filter)}> ${count(found)} found` : '';
  const rows: Rows = textRows(lines);
  return {
    title: `yaml ${resourceText(ref)}/${refText(ref)}${searched}`,
    head: head.map((l) => cutLine(l, input.width)),
    rows,
    empty: [],
  };
};

const content = (input: ViewInput): Content => {
  const ref = refOfArgs(input.place.args);
  const document = documentOf(input.session, 'yaml', ref);
  if (document?.kind === 'ready') return textContent(input, document.text, []);
  const slim = slimText(input.world, input);
  const title = `yaml ${resourceText(ref)}/${refText(ref)}`;
  if (document === null) {
    if (slim !== null) return textContent(input, `${keptOnly}\n${slim}`, []);
    const empty = message(
      'unknown',
      `nothing is known of ${resourceText(ref)} ${refText(ref)}`,
      input,
    );
    return { title, head: [], rows: rowsOf([]), empty };
  }
  if (document.kind === 'loading') {
    return { title, head: [], rows: rowsOf([]), empty: message('progress', 'loading', input) };
  }
  if (slim === null) {
    return { title, head: [], rows: rowsOf([]), empty: message('bad', document.text, input) };
  }
  const note = line(' ', sign('bad', input.glyphs), span(` ${document.text}`, 'warn'));
  return textContent(
    input,
    `# the whole object could not be read; this is what is watched\n${slim}`,
    [note],
  );
};

/** An object as YAML: whole where it was fetched, else what is kept of it. Arguments: `resource`, `namespace`, `name`. */
export const yaml: View = {
  id: 'yaml',
  title: 'an object as YAML',
  aliases: [],
  keys: objectKeys,
  content,
};
