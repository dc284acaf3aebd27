// What a rerun of a unit of work, after another writer came first, keeps from earlier attempts. A failed attempt wrote nothing,
// so the next one can use its ids, and needn't ask plugins the same question again.

export class Attempts {
  readonly #ids: string[] = [];
  readonly #drawn = new Set<string>();
  readonly #answers = new Map<string, Promise<unknown>>();

  /** The id at a position, from 0: generated the first time, the same afterwards. */
  id(position: number, draw: () => string): string {
    this.#ids[position] ??= draw();
    this.#drawn.add(this.#ids[position]);
    return this.#ids[position];
  }

  /** Whether an id was generated here. */
  drew(id: string): boolean {
    return this.#drawn.has(id);
  }

  /** Asks the first time. The same question gets the same answer, or rejection, afterwards. */
  answer<T>(question: string, ask: () => Promise<T>): Promise<T> {
    const known = this.#answers.get(question);
    if (known) return known as Promise<T>;
    const answer = ask();
    this.#answers.set(question, answer);
    return answer;
  }
}
