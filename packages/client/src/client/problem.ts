// What a request is refused with: in words what happened and what to do next.

import type { OperationOutcome } from '@medplum/fhirtypes';
import type { Problem as ProblemBody } from '#contract/problem.ts';
import { nextIn } from '@chartwire/sdk/internal/kit/diagnostics';

const PROGRAM_FAILED = {
  detail: 'The request failed because of an error in this program, not because of the server.',
  next: 'Check whether it was carried out before you send it again; the error is in `cause`.',
} as const;

/** A refusal by the server, or the lack of an answer (`status` 0). `message` says what happened. */
export class Problem extends Error {
  /** Of HTTP; 0 where no answer came. */
  readonly status: number;
  /** A row of docs/catalogue/errors.md, `unknown` where the server named none. */
  readonly code: ProblemBody['code'] | 'unknown';
  /** What to do next. */
  readonly next: string;
  /** Where in the request something is wrong, and what. */
  readonly faults: NonNullable<ProblemBody['faults']>;
  /** What plugins said, where one refused or asks for confirmation. */
  readonly checks: NonNullable<ProblemBody['checks']>;
  /** In a conflict: what it is by now. */
  readonly current: unknown;
  /** In a conflict: what was to be. */
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
   * Itself; anything else that was thrown as a problem of this program, with the error as its `cause`.
   * @param words what happened and what to do next, for the people who use the program
   */
  static of(error: unknown, words: Pick<ProblemBody, 'detail' | 'next'> = PROGRAM_FAILED): Problem {
    return error instanceof Problem ? error : new Problem({ status: 500, ...words }, { cause: error });
  }

  /** The server could not be reached, or is not well: worth trying again. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 502;
  }
}

/** The problem in an answer of /api (RFC 9457) or of the FHIR door (an OperationOutcome). */
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
