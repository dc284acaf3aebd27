// Imports a code system from a file as its publisher gives it out: read line by line, never whole in memory.

import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { replaceEdition, type TermSink } from './editions.ts';
import type { Format, Read, Reader } from './formats/format.ts';
import { formatOf } from './formats/index.ts';
import { type ImportSource, linesOf } from './import-source.ts';
import type { LoadedTerms } from './loaded.ts';
import { type CommonTerms, commonTerms } from './starter.ts';
import { type CodeSystem, codeSystem } from './systems.ts';
import type { Term } from './term.ts';

export interface TermImport extends Omit<ImportSource, 'onBytes'> {
  /** The URI of the code system, or its name. */
  readonly system: string;
  /** Name of the edition: `2026`, `2.81`. Defaults to the current day. */
  readonly edition?: string;
  /** A name of `FORMATS`. Defaults to the one that the first line shows. */
  readonly format?: string;
}

export interface ImportProgress {
  /** Size of the packed file. */
  readonly bytes: number;
  readonly terms: number;
}

export interface ImportReport {
  readonly system: string;
  readonly edition: string;
  readonly format: string;
  /** Terms of the new edition. */
  readonly rows: number;
  /** Lines that gave no term and should have. */
  readonly skipped: number;
  /** The first of them, with the reason. */
  readonly faults: readonly { readonly line: number; readonly reason: string }[];
}

/** Terms written at a time. */
const BATCH = 2_000;
/** Faults that are named; so many alone say nothing of the file. */
const NAMED = 20;
/** A file whose first lines are all faults is another kind of file. */
const FAULTS_AT_FIRST = 50;
/** So is one of which more than this share is. */
const FAULTY_SHARE = 0.1;

/** Replaces the edition of a code system that is here. Refuses a file that is not one of it, and then changes nothing. */
export async function importTerms(
  terms: LoadedTerms,
  wanted: TermImport,
  onProgress: (progress: ImportProgress) => void = () => {},
): Promise<ImportReport> {
  const system = codeSystem(wanted.system);
  const { edition = new Date().toISOString().slice(0, 10) } = wanted;
  const common = await commonTerms(system);
  let intake: Intake | undefined;
  await replaceEdition(terms, { system: system.uri, edition, origin: 'import' }, async (sink) => {
    intake = new Intake(system, wanted.format, common, sink, onProgress);
    for await (const lines of linesOf({ ...wanted, onBytes: (bytes) => intake!.taken(bytes) }))
      await intake.lines(lines);
    await intake.end();
  });
  const { format, rows, skipped, faults } = intake!;
  return { system: system.uri, edition, format, rows, skipped, faults };
}

/** What has come in so far of a file. */
class Intake {
  readonly faults: { line: number; reason: string }[] = [];
  rows = 0;
  skipped = 0;
  readonly #system: CodeSystem;
  readonly #formatName: string | undefined;
  readonly #common: CommonTerms;
  readonly #sink: TermSink;
  readonly #onProgress: (progress: ImportProgress) => void;
  #format: Format | undefined;
  #reader: Reader | undefined;
  #line = 0;
  #bytes = 0;
  #batch: { line: number; term: Term }[] = [];

  constructor(
    system: CodeSystem,
    formatName: string | undefined,
    common: CommonTerms,
    sink: TermSink,
    onProgress: (progress: ImportProgress) => void,
  ) {
    this.#system = system;
    this.#formatName = formatName;
    this.#common = common;
    this.#sink = sink;
    this.#onProgress = onProgress;
  }

  get format(): string {
    return this.#format!.name;
  }

  taken(bytes: number): void {
    this.#bytes = bytes;
  }

  async lines(lines: readonly string[]): Promise<void> {
    for (const text of lines) {
      this.#line++;
      if (!this.#reader) {
        if (text.trim() === '') continue;
        this.#format = formatOf(this.#system, text, this.#formatName);
        this.#reader = this.#format.reader(this.#system);
      }
      for (const read of this.#reader.line(text, this.#line)) this.#take(read);
      if (this.#batch.length >= BATCH) await this.#write();
    }
  }

  async end(): Promise<void> {
    for (const read of this.#reader?.end() ?? []) this.#take(read);
    await this.#write();
    if (this.rows === 0) throw this.#refusal('there is no term in it');
    if (this.skipped > Math.max(NAMED, (this.rows + this.skipped) * FAULTY_SHARE)) {
      throw this.#refusal(`${this.skipped} of its lines are not terms of ${this.#system.label}`);
    }
  }

  #take(read: Read): void {
    if ('fault' in read) {
      this.#skip(read.line, read.fault);
      const nothingYet = this.rows === 0 && this.#batch.length === 0;
      if (nothingYet && this.skipped >= FAULTS_AT_FIRST) {
        throw this.#refusal(`its first ${this.skipped} lines are not terms of ${this.#system.label}`);
      }
      return;
    }
    const { line, term } = read;
    const known = this.#common.get(term.code);
    const also = [term.also, known?.also].filter(Boolean).join('; ');
    this.#batch.push({ line, term: { ...term, ...known, also: also === '' ? undefined : also } });
  }

  async #write(): Promise<void> {
    const batch = this.#batch;
    this.#batch = [];
    if (batch.length > 0) {
      const added = await this.#sink(batch.map(({ term }) => term));
      for (const [place, { line }] of batch.entries()) {
        if (added[place]) this.rows++;
        else this.#skip(line, 'its code came before');
      }
    }
    this.#onProgress({ bytes: this.#bytes, terms: this.rows });
  }

  #skip(line: number, reason: string): void {
    this.skipped++;
    if (this.faults.length < NAMED) this.faults.push({ line, reason });
  }

  #refusal(reason: string): Refusal {
    return new Refusal(
      'terms.file',
      { reason },
      this.faults.map(({ line, reason: message }) => ({ path: `line ${line}`, message })),
    );
  }
}
