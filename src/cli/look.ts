import type { Glyphs } from '../views/parts/glyphs.ts';
import { type Theme, themeNames, themeOf } from '../views/parts/theme.ts';
import type { Config } from './config.ts';
import { glyphsFor, isTheme, themeFor } from './terminal-look.ts';

/** Theme and signs of a running screen; the theme can be changed with `:theme`. */
export class Look {
  readonly glyphs: Glyphs;
  #theme: Theme;

  constructor(
    flags: { readonly theme?: string; readonly ascii?: boolean },
    config: Config,
    env: Readonly<Record<string, string | undefined>>,
  ) {
    this.glyphs = glyphsFor(flags.ascii === true ? 'ascii' : config.glyphs, env);
    this.#theme = themeFor(flags.theme, config, env);
  }

  readonly get = (): { readonly theme: Theme; readonly glyphs: Glyphs } => ({
    theme: this.#theme,
    glyphs: this.glyphs,
  });

  /** Says why not, or null. */
  readonly set = (name: string): string | null => {
    if (!isTheme(name)) return `no theme "${name}"; there are ${themeNames.join(', ')}`;
    this.#theme = themeOf(name);
    return null;
  };
}
