import { asciiGlyphs, type Glyphs, unicodeGlyphs } from '../views/parts/glyphs.ts';
import { type Theme, type ThemeName, themeNames, themeOf } from '../views/parts/theme.ts';
import type { Config } from './config.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Does the locale say that the terminal shows UTF-8? The first of the three that is set decides, as in POSIX. */
export const showsUtf8 = (env: Env): boolean => {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  return /utf-?8/i.test(locale) && env.TERM !== 'linux' && env.TERM !== 'dumb';
};

export const glyphsFor = (choice: Config['glyphs'], env: Env): Glyphs => {
  if (choice === 'ascii') return asciiGlyphs;
  if (choice === 'unicode') return unicodeGlyphs;
  return showsUtf8(env) ? unicodeGlyphs : asciiGlyphs;
};

/** NO_COLOR wins over everything but an explicit flag. */
export const themeFor = (flag: string | undefined, config: Config, env: Env): Theme => {
  const named = themeNames.find((n) => n === flag);
  if (named !== undefined) return themeOf(named);
  if ((env.NO_COLOR ?? '') !== '') return themeOf('none');
  return themeOf(config.theme ?? 'dark');
};

export const isTheme = (name: string): name is ThemeName => themeNames.some((n) => n === name);

/** Can a screen be painted here at all? Otherwise the plain report is printed. */
export const canPaint = (
  env: Env,
  stdin: { isTTY?: boolean },
  stdout: { isTTY?: boolean },
): boolean => stdin.isTTY === true && stdout.isTTY === true && env.TERM !== 'dumb';
