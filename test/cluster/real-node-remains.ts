import type { Run } from './run-dir.ts';
export const removeRealNode = async (_run: Run): Promise<void> => {};
