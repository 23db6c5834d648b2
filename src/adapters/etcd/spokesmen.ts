/** What is known of the last answer of a member. */
export interface LastAnswer {
  readonly clusterId: string;
  readonly memberId: string;
  /** Whether it leads, by its own account. */
  readonly leads: boolean;
  /** Whether it answered the latest question. */
  readonly answers: boolean;
}

/**
 * The id of the cluster that most members say they are in; where as many say another, the one from before. A member
 * that lost its data may have founded a cluster of its own.
 */
export const homeOf = (answers: Iterable<LastAnswer>, before: string): string => {
  const votes = new Map<string, number>();
  for (const { clusterId } of answers) votes.set(clusterId, (votes.get(clusterId) ?? 0) + 1);
  let home = before;
  for (const [id, n] of votes) if (n > (votes.get(home) ?? 0)) home = id;
  return home;
};

/**
 * Keys of the members to ask for all, best first: the one from before, then the leader. Only those of the home cluster:
 * a member that founded a cluster of its own would tell that there is nobody else.
 */
export const spokesmen = (
  answers: ReadonlyMap<string, LastAnswer>,
  home: string,
  before: string | null,
): readonly string[] => {
  const rank = ([key, { leads }]: readonly [string, LastAnswer]): number =>
    key === before ? 0 : leads ? 1 : 2;
  return [...answers]
    .filter(([, { answers: now, clusterId }]) => now && clusterId === home)
    .sort((a, b) => rank(a) - rank(b))
    .map(([key]) => key);
};
