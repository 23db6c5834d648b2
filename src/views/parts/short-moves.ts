const esc = '\u001b';
const nextLine = `${esc}[E`;
/** One step down for each row that has not changed. */
const steps = new RegExp(`(?:${esc}\\[E){2,}`, 'g');

/**
 * The same output with fewer bytes: many moves to the next line are one move over as many lines. A frame of fifty rows
 * in which one has changed has forty-nine of them, which is more than what has changed.
 */
export const shortMoves = (output: string): string =>
  output.replace(steps, (all) => `${esc}[${all.length / nextLine.length}E`);
