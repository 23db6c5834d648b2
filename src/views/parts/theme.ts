import { absurd } from '../../kernel/absurd.ts';
import type { Line, Style } from './line.ts';

/** Select Graphic Rendition codes of a style; null paints nothing. */
type Palette = Readonly<Record<Style, string | null>>;

export const themeNames = ['dark', 'light', 'contrast', 'none'] as const;
export type ThemeName = (typeof themeNames)[number];

export interface Theme {
  readonly name: ThemeName;
  readonly palette: Palette;
}

const dark: Palette = {
  plain: null,
  bad: '31',
  warn: '33',
  good: '32',
  here: '36',
  dim: '2',
  title: '1',
  key: '36',
  badge: '1;37;41',
  match: '30;43',
  lane1: '38;5;75',
  lane2: '38;5;176',
  lane3: '38;5;114',
  lane4: '38;5;180',
  lane5: '38;5;116',
};

// On a light ground, yellow and cyan vanish: brown and blue of the 256-colour cube are told apart from black.
const light: Palette = {
  ...dark,
  warn: '38;5;130',
  good: '38;5;28',
  here: '34',
  key: '34',
  dim: '38;5;244',
  match: '30;48;5;222',
  lane1: '38;5;25',
  lane2: '38;5;90',
  lane3: '38;5;22',
  lane4: '38;5;94',
  lane5: '38;5;30',
};

const contrast: Palette = {
  ...dark,
  bad: '1;91',
  warn: '1;93',
  good: '1;92',
  here: '1;96',
  dim: null,
  key: '1;96',
  badge: '1;97;101',
  lane1: '94',
  lane2: '95',
  lane3: '92',
  lane4: '93',
  lane5: '96',
};

// Without colour, weight and reversal are kept: the cursor and the production badge must still be seen.
const none: Palette = {
  plain: null,
  bad: '1',
  warn: null,
  good: null,
  here: null,
  dim: null,
  title: '1',
  key: null,
  badge: '7',
  match: '4',
  lane1: null,
  lane2: null,
  lane3: null,
  lane4: null,
  lane5: null,
};

export const themeOf = (name: ThemeName): Theme => {
  switch (name) {
    case 'dark':
      return { name, palette: dark };
    case 'light':
      return { name, palette: light };
    case 'contrast':
      return { name, palette: contrast };
    case 'none':
      return { name, palette: none };
    default:
      return absurd(name);
  }
};

/**
 * A line as the terminal gets it. `selected` reverses the whole of it in one colour: patches of red behind black text
 * would draw the eye away from the text; the signs still tell the state.
 */
export const paint = (line: Line, theme: Theme, selected = false): string => {
  let out = '';
  for (const { text, style } of line) {
    if (text === '') continue;
    const code = selected ? (style === 'title' ? '1;7' : '7') : theme.palette[style];
    out += code === null ? text : `\u001b[${code}m${text}\u001b[0m`;
  }
  return out;
};
