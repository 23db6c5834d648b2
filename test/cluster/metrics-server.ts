export const startMetricsServer = async (..._args: unknown[]): Promise<void> => {};
