// An SQL statement, its values, and its connection. Input from outside becomes a value, never SQL text.

export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** What a search needs from a database: a pool or a connection of `pg`. */
export interface Database {
  query(text: string, values: unknown[]): Promise<{ rows: unknown[] }>;
}

/** Collects the values of a statement while its text is built. */
export class Values {
  readonly all: unknown[] = [];

  /** Adds a value and returns its placeholder. */
  add(value: unknown): string {
    this.all.push(value);
    return `$${this.all.length}`;
  }
}
