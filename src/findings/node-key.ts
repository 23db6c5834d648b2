/** Key of the finding about a node; what hangs under it names it. */
export const nodeKey = (name: string): string => `node/${name}`;
