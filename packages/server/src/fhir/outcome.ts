// OperationOutcomes: how a refusal reads in FHIR.

import type { OperationOutcome, OperationOutcomeIssue } from '@medplum/fhirtypes';
import { diagnosticsOf } from '@chartwire/sdk/internal/kit/diagnostics';
import type { Fault, Refusal } from '@chartwire/sdk/internal/kit/errors';

/** One issue a fault, with its expression; one issue in all when the refusal has no faults. */
export function outcomeOf(refusal: Refusal): OperationOutcome {
  const issue: OperationOutcomeIssue = {
    severity: 'error',
    code: refusal.issue as OperationOutcomeIssue['code'],
    details: { coding: [{ system: CODE_SYSTEM, code: refusal.code }], text: refusal.message },
    diagnostics: diagnosticsOf(refusal.message, refusal.next),
  };
  if (refusal.faults.length === 0) return { resourceType: 'OperationOutcome', issue: [issue] };
  return {
    resourceType: 'OperationOutcome',
    issue: refusal.faults.map((fault) => issueOf(fault, issue, refusal.next)),
  };
}

/** Chartwire's own error codes, listed in docs/catalogue/errors.md. */
const CODE_SYSTEM = 'urn:chartwire:error';

function issueOf(fault: Fault, whole: OperationOutcomeIssue, next: string): OperationOutcomeIssue {
  return {
    ...whole,
    code: (fault.issue ?? whole.code) as OperationOutcomeIssue['code'],
    details: { ...whole.details, text: fault.message },
    diagnostics: diagnosticsOf(fault.message, next),
    ...(fault.path === '' ? {} : { expression: [fault.path] }),
  };
}

/** What `$validate` found: an issue a fault, or that there is none; and what it could not look at. */
export function outcomeOfFaults(faults: readonly Fault[], unchecked: readonly Fault[] = []): OperationOutcome {
  const errors = faults.map((fault) => foundIssue('error', fault, 'invariant'));
  return withUnchecked(errors.length > 0 ? errors : [information('No faults were found.')], unchecked);
}

/** What was done all the same, and with which reservations. */
export function warningOutcome(faults: readonly Fault[]): OperationOutcome {
  return {
    resourceType: 'OperationOutcome',
    issue: faults.map(({ message, issue }) => ({
      severity: 'warning',
      code: issue as OperationOutcomeIssue['code'],
      details: { text: message },
      diagnostics: message,
    })),
  };
}

/** For `Prefer: return=OperationOutcome` on what succeeded. */
export function doneOutcome(unchecked: readonly Fault[] = []): OperationOutcome {
  return withUnchecked([information('Done.')], unchecked);
}

function withUnchecked(issue: readonly OperationOutcomeIssue[], unchecked: readonly Fault[]): OperationOutcome {
  const warnings = unchecked.map((fault) => foundIssue('warning', fault, 'not-supported'));
  return { resourceType: 'OperationOutcome', issue: [...issue, ...warnings] };
}

function foundIssue(severity: 'error' | 'warning', fault: Fault, otherwise: string): OperationOutcomeIssue {
  return {
    severity,
    code: (fault.issue ?? otherwise) as OperationOutcomeIssue['code'],
    details: { text: fault.message },
    ...(fault.path === '' ? {} : { expression: [fault.path] }),
  };
}

function information(text: string): OperationOutcomeIssue {
  return { severity: 'information', code: 'informational', details: { text } };
}
