import type { LentTerminal } from './act-effects.ts';
import { detachHint } from './detach-keys.ts';
import type { OpenScreen } from './open-screen.tsx';
import { personTerminal } from './person-terminal.ts';

/** What is written between the screen and the shell over there, so that it is seen which is which. */
const greeting = `\r\nmidwatch lends its terminal: ${detachHint}\r\n`;

/**
 * Hands the terminal of a screen over until `end`, which takes it back and paints the screen anew. What was typed and
 * seen stays above it, in the terminal's own history.
 * @throws when the screen cannot let go of it.
 */
export const lendTerminal =
  (screen: () => Pick<OpenScreen, 'lend'> | null) =>
  async (signal: AbortSignal): Promise<LentTerminal> => {
    const open = screen();
    if (open === null) throw new Error('there is no screen whose terminal could be lent');
    let giveBack = (): void => {};
    const given = new Promise<void>((resolve) => {
      giveBack = resolve;
    });
    return await new Promise<LentTerminal>((resolve, reject) => {
      const over = open.lend(async () => {
        const person = personTerminal(signal);
        person.terminal.write(new TextEncoder().encode(greeting));
        const end = async (): Promise<void> => {
          giveBack();
          await over;
        };
        resolve({ terminal: person.terminal, end });
        try {
          await given;
        } finally {
          person.close();
        }
      });
      over.catch(reject);
    });
  };
