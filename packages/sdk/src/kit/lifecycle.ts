// A lifecycle is a table of states.

/** The allowed next states of each state. */
export type Lifecycle<State extends string> = Readonly<Record<State, readonly State[]>>;

/** Why `from` can't become `to`, as a sentence; undefined if it can. */
export function faultOfTransition<State extends string>(
  lifecycle: Lifecycle<State>,
  from: State,
  to: State,
  noun: string,
): string | undefined {
  const allowed = lifecycle[from];
  if (allowed.includes(to)) return undefined;
  if (allowed.length === 0) return `${noun} is ${from}, which is final`;
  return `${noun} is ${from} and can only become ${allowed.join(' or ')}, not ${to}`;
}
