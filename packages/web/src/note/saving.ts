// What saving by itself is given, and what it shows: the two sides that autosave.ts stands between.

export type Fields = Readonly<Record<string, unknown>>;

/** What the server holds, in one of its versions. */
export interface Stored {
  readonly version: number;
  readonly fields: Fields;
}

/** What came of a request. `held` and `unfit`: the server is well, and wrote nothing. */
export type Outcome<S, P> =
  | { readonly type: 'saved'; readonly now: S }
  /** It is another version by now. */
  | { readonly type: 'conflict'; readonly now: S }
  /** These fields do not fit; the others may. */
  | { readonly type: 'unfit'; readonly faults: Readonly<Record<string, string>> }
  /** None is taken until one is changed, or the problem is answered. */
  | { readonly type: 'held'; readonly problem: P; readonly faults: Readonly<Record<string, string>> }
  | { readonly type: 'away' };

export interface Autosaving<S extends Stored, P> {
  /** `fields` of what is saved; null takes one away. Never rejects. */
  send(fields: Fields, stored: S): Promise<Outcome<S, P>>;
  /** Which of the fields that are ready go in one request; all unless given. */
  batch?(ready: readonly string[]): readonly string[];
  /** What both changed, made one; undefined where somebody has to choose. */
  merge?(field: string, sides: { readonly from: unknown; readonly mine: unknown; readonly theirs: unknown }): unknown;
  /** Outlives the page. */
  readonly journal: { read(): string | null; write(text: string): void; remove(): void };
  /** Runs it once after so many milliseconds; what is returned prevents it. */
  later(ms: number, run: () => void): () => void;
}

export type Standing = 'saved' | 'unsaved' | 'saving' | 'away' | 'stuck';

/** Of several, the one that matters most. */
export function worst(all: readonly Standing[]): Standing {
  return (['away', 'stuck', 'saving', 'unsaved'] as const).find((one) => all.includes(one)) ?? 'saved';
}

/** A number is written as its literal beside it says. */
export interface FieldView {
  readonly value: unknown;
  /** Why the server would not have it. */
  readonly fault?: string;
  /** What somebody else wrote there meanwhile. */
  readonly theirs?: { readonly value: unknown };
}

export interface View<S, P> {
  readonly stored: S;
  readonly standing: Standing;
  /** What is typed here and not yet at the server, or held by the cursor; the rest is in `stored`. */
  readonly fields: Readonly<Record<string, FieldView>>;
  readonly problem?: P;
}
