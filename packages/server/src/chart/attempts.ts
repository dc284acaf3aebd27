// What a unit of work that runs again, because another writer came first, keeps from its earlier attempts. Nothing of an
// attempt that failed was written, so the next one may use its ids, and need not put the same question to plugins twice.

export class Attempts {
  readonly #ids: string[] = [];
  readonly #drawn = new Set<string>();
  readonly #answers = new Map<string, Promise<unknown>>();

  /** The id at a position, from 0: drawn the first time, the same from then on. */
  id(position: number, draw: () => string): string {
    this.#ids[position] ??= draw();
    this.#drawn.add(this.#ids[position]);
    return this.#ids[position];
  }

  /** Whether an id is one of those drawn. */
  drew(id: string): boolean {
    return this.#drawn.has(id);
  }

  /** Asks the first time; the same question gets the same answer, or rejection, from then on. */
  answer<T>(question: string, ask: () => Promise<T>): Promise<T> {
    const known = this.#answers.get(question);
    if (known) return known as Promise<T>;
    const answer = ask();
    this.#answers.set(question, answer);
    return answer;
  }
}
