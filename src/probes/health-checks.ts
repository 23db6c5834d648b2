/** One line of `/readyz?verbose`. */
export interface HealthCheck {
  readonly name: string;
  readonly ok: boolean;
  /** '' when it passed; the server withholds reasons from most users. */
  readonly reason: string;
}

/** More lines than any API server has checks. */
const mostChecks = 500;
const longestName = 200;

/**
 * The checks in the body of `/readyz?verbose`, `/livez?verbose` or `/healthz?verbose`; null when it is none.
 * A bare `ok` is an answer without checks.
 */
export const readHealthChecks = (body: string): readonly HealthCheck[] | null => {
  const checks: HealthCheck[] = [];
  let verdict = body.trim() === 'ok';
  for (const line of body.split('\n')) {
    const failedLine = /^\[-\](\S+) failed: ?(.*)$/.exec(line);
    const passed = /^\[\+\](\S+) (?:ok|excluded: ok)$/.exec(line);
    const name = (failedLine?.[1] ?? passed?.[1] ?? '').slice(0, longestName);
    if (name !== '' && checks.length < mostChecks) {
      checks.push({ name, ok: passed !== null, reason: (failedLine?.[2] ?? '').slice(0, 500) });
    }
    if (/^\w+ check (?:passed|failed)$/.test(line)) verdict = true;
  }
  return verdict || checks.length > 0 ? checks : null;
};
