import { clip, plainText } from '../kernel/text.ts';

/** The server's own words in a `Status` object, or the number of the status where there are none. */
export const statusMessage = (body: string, status: number): string => {
  try {
    const said: unknown = JSON.parse(body);
    if (said !== null && typeof said === 'object' && 'message' in said) {
      return clip(plainText(String(said.message)), 1000);
    }
  } catch {
    // Not JSON: a proxy's page, which says nothing to a person.
  }
  return `the server answered ${status}`;
};
