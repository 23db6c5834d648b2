/** A line longer than this is no sample that we want. */
const longestLine = 16 * 1024;

/** Lines of the text format that begin with one of the names, decoded while they arrive; the rest is not kept. */
export const wantedLines = async (
  body: AsyncIterable<Uint8Array>,
  wanted: (line: string) => boolean,
): Promise<readonly string[]> => {
  const decoder = new TextDecoder();
  const kept: string[] = [];
  let rest = '';
  let skipping = false;
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (!skipping && wanted(line)) kept.push(line);
      skipping = false;
    }
    if (rest.length > longestLine) {
      rest = '';
      skipping = true;
    }
  }
  if (!skipping && wanted(rest)) kept.push(rest);
  return kept;
};
