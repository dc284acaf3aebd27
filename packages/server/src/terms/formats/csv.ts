// Records of a CSV file (RFC 4180): a quoted field may hold commas, quotes and line breaks.

/** Longest record in characters; a longer one has an unclosed quote. */
const LONGEST = 1_000_000;

/** Puts lines together to records. */
export class CsvRecords {
  #open: { text: string; line: number } | undefined;

  /** The fields of the record that this line completes, with the line it began in; undefined when it goes on. */
  line(text: string, line: number): { fields: string[]; line: number } | undefined {
    const record = this.#open ? { text: `${this.#open.text}\n${text}`, line: this.#open.line } : { text, line };
    if (isOpen(record.text) && record.text.length < LONGEST) {
      this.#open = record;
      return undefined;
    }
    this.#open = undefined;
    return { fields: fieldsOf(record.text), line: record.line };
  }

  /** The line in which a record began that was not complete at the end of the file. */
  get unfinished(): number | undefined {
    return this.#open?.line;
  }
}

function isOpen(text: string): boolean {
  let quotes = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) quotes++;
  return quotes % 2 === 1;
}

function fieldsOf(text: string): string[] {
  const fields: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^,]*))(,|$)/y;
  for (;;) {
    const match = field.exec(text);
    // A quote in the middle of a field: taken as it stands, up to the next comma.
    if (!match) return text.split(',');
    fields.push((match[1]?.replaceAll('""', '"') ?? match[2]!).trim());
    if (match[3] === '') return fields;
  }
}
