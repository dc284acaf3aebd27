// Refusals: what happened and what to do next, in words for people.

import type { OperationOutcome } from '@medplum/fhirtypes';
import type { Problem as ProblemBody } from '#contract/problem.ts';
import { nextIn } from '@chartwire/sdk/internal/kit/diagnostics';

const PROGRAM_FAILED = {
  detail: 'The request failed because of an error in this program, not because of the server.',
  next: 'Check whether it was carried out before you send it again; the error is in `cause`.',
} as const;

/** A refusal by the server, or no answer at all (`status` 0). `message` says what happened, and `next` what to do. */
export class Problem extends Error {
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  /** A code from docs/catalogue/errors.md; `unknown` if the server sent none. */
  readonly code: ProblemBody['code'] | 'unknown';
  /** What to do next, as a sentence. */
  readonly next: string;
  /** What is wrong in the request: each with its place (a JSON pointer or FHIRPath) and a message. */
  readonly faults: NonNullable<ProblemBody['faults']>;
  /** The answers of plugins that refused or asked for confirmation. */
  readonly checks: NonNullable<ProblemBody['checks']>;
  /** In a conflict, the current value on the server. */
  readonly current: unknown;
  /** In a conflict, the value that you sent. */
  readonly proposed: unknown;

  constructor(
    body: Partial<ProblemBody> & Pick<ProblemBody, 'status' | 'detail'>,
    options?: { readonly cause?: unknown },
  ) {
    super(body.detail, options);
    this.name = 'Problem';
    this.status = body.status;
    this.code = body.code ?? 'unknown';
    this.next = body.next ?? '';
    this.faults = body.faults ?? [];
    this.checks = body.checks ?? [];
    this.current = body.current;
    this.proposed = body.proposed;
  }

  /**
   * Returns a Problem as it is, and wraps any other error as a fault of this program, with the error as its `cause`.
   * @param words what happened and what to do next, for the people who use the program
   */
  static of(error: unknown, words: Pick<ProblemBody, 'detail' | 'next'> = PROGRAM_FAILED): Problem {
    return error instanceof Problem ? error : new Problem({ status: 500, ...words }, { cause: error });
  }

  /** True if the request may succeed when sent again: the server can't be reached, or has failed. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 502;
  }
}

/** Makes a Problem from the body of an error: a problem of /api (RFC 9457) or an OperationOutcome of the FHIR API. */
export function problemIn(status: number, json: unknown): Problem {
  const body = (json ?? {}) as Partial<ProblemBody> & Partial<OperationOutcome>;
  const detail = `The server answered ${status}.`;
  if (body.resourceType !== 'OperationOutcome') return new Problem({ ...body, status, detail: body.detail ?? detail });
  const issues = body.issue ?? [];
  const [first] = issues;
  const code = first?.details?.coding?.[0]?.code as ProblemBody['code'] | undefined;
  return new Problem({
    status,
    ...(code && { code }),
    detail: first?.details?.text ?? first?.diagnostics ?? detail,
    next: first?.details?.text ? nextIn(first) : '',
    faults: issues.flatMap(({ expression, details, diagnostics }) =>
      (expression ?? []).map((path) => ({ path, message: details?.text ?? diagnostics ?? '' })),
    ),
  });
}
