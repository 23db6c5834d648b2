/** One answer of the doctor. `fix` says what to do, as an instruction; '' when there is nothing to do. */
export interface DoctorLine {
  /** Stable name of the check, e.g. `kubeconfig`, `may list pods`. */
  readonly check: string;
  readonly mark: 'ok' | 'warn' | 'bad';
  readonly text: string;
  readonly fix: string;
}

export const fine = (check: string, text: string): DoctorLine => ({
  check,
  mark: 'ok',
  text,
  fix: '',
});
export const warn = (check: string, text: string, fix: string): DoctorLine => ({
  check,
  mark: 'warn',
  text,
  fix,
});
export const bad = (check: string, text: string, fix: string): DoctorLine => ({
  check,
  mark: 'bad',
  text,
  fix,
});
