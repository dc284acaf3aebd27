// A statement, its values, and who runs it. What comes from outside becomes a value; nothing of it ever becomes text.

export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** What a search needs of a database: a pool or a connection of `pg`. */
export interface Database {
  query(text: string, values: unknown[]): Promise<{ rows: unknown[] }>;
}

/** Collects the values of a statement while its text is put together. */
export class Values {
  readonly all: unknown[] = [];

  /** The placeholder of a value. */
  add(value: unknown): string {
    this.all.push(value);
    return `$${this.all.length}`;
  }
}
