export const startRealNode = async (..._args: unknown[]): Promise<void> => {};
