/** In CI a suite that cannot run is a failure: nobody reads the reasons of skipped ones there. */
const isRequired = (): boolean =>
  process.env.MIDWATCH_CLUSTER === 'required' || process.env.CI === 'true';

/**
 * Why a suite has to be skipped here, with what would enable it; undefined when it can run.
 * @param what is needed, as the subject of "… is required here".
 * @throws the same reason where suites are required (CI=true or MIDWATCH_CLUSTER=required).
 */
export const skipReason = (
  what: string,
  obstacle: () => string | undefined,
): string | undefined => {
  const reason = process.env.MIDWATCH_CLUSTER === 'off' ? 'MIDWATCH_CLUSTER=off' : obstacle();
  if (reason && isRequired()) throw new Error(`${what} is required here: ${reason}`);
  return reason;
};
