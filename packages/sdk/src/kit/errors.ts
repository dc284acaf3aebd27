// Every refusal of Chartwire: code, HTTP status, FHIR issue type, and sentence, by area in errors/. HTTP problems (RFC 9457),
// OperationOutcomes, and docs/catalogue/errors.md are derived from this table.

import type { ErrorRow } from './error-row.ts';
import { ACCESS_ERRORS } from './errors/access.ts';
import { EFFECT_ERRORS } from './errors/effects.ts';
import { HANDLER_ERRORS } from './errors/handlers.ts';
import { INBOX_ERRORS } from './errors/inbox.ts';
import { NOTE_ERRORS } from './errors/notes.ts';
import { PLUGIN_ERRORS } from './errors/plugins.ts';
import { RECORD_ERRORS } from './errors/records.ts';
import { REQUEST_ERRORS } from './errors/request.ts';
import { SERVER_ERRORS } from './errors/server.ts';
import { TERMS_ERRORS } from './errors/terms.ts';
import { visibleText } from './visible.ts';

export type { ErrorRow };

export const ERRORS = {
  ...REQUEST_ERRORS,
  ...ACCESS_ERRORS,
  ...RECORD_ERRORS,
  ...EFFECT_ERRORS,
  ...NOTE_ERRORS,
  ...INBOX_ERRORS,
  ...TERMS_ERRORS,
  ...PLUGIN_ERRORS,
  ...HANDLER_ERRORS,
  ...SERVER_ERRORS,
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof ERRORS;

/** One fault in a refusal: its place (a FHIRPath expression or JSON pointer) and a message. Contains no PHI. */
export interface Fault {
  readonly path: string;
  readonly message: string;
  /** A code of http://hl7.org/fhir/issue-type, if it differs from the refusal's. */
  readonly issue?: string;
}

/** An expected refusal. Each API turns it into its own error format; any other exception is a bug and becomes `server.failed`. */
export class Refusal extends Error {
  readonly code: ErrorCode;
  readonly values: Readonly<Record<string, string | number>>;
  readonly faults: readonly Fault[];
  /** Extension members of the answer (RFC 9457 section 3.2). */
  readonly extensions: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    values: Record<string, string | number> = {},
    faults: readonly Fault[] = [],
    extensions: Readonly<Record<string, unknown>> = {},
  ) {
    super(fill(ERRORS[code].sentence, values));
    this.name = 'Refusal';
    this.code = code;
    this.values = values;
    this.faults = faults.map((fault) => ({
      ...fault,
      path: visibleText(fault.path),
      message: visibleText(fault.message),
    }));
    this.extensions = extensions;
  }

  get status(): number {
    return ERRORS[this.code].status;
  }

  get issue(): string {
    return ERRORS[this.code].issue;
  }

  /** What the reader can do next. */
  get next(): string {
    return fill(ERRORS[this.code].next, this.values);
  }
}

function fill(sentence: string, values: Readonly<Record<string, string | number>>): string {
  return sentence.replace(/\{(\w+)\}(\.?)/g, (_, key: string, stop: string) => {
    const value = visibleText(String(values[key] ?? `{${key}}`));
    // A reason from elsewhere may already end with a period.
    return /[.!?]$/.test(value) ? value : `${value}${stop}`;
  });
}
