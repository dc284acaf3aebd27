// OperationOutcomes: how a refusal reads in FHIR.

import type { OperationOutcome, OperationOutcomeIssue } from '@medplum/fhirtypes';
import { diagnosticsOf } from '#kit/diagnostics.ts';
import type { Fault, Refusal } from '#kit/errors.ts';

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

/** What `$validate` found: an issue a fault, or that there is none. */
export function outcomeOfFaults(faults: readonly Fault[]): OperationOutcome {
  if (faults.length === 0) return informationOutcome('No faults were found.');
  return {
    resourceType: 'OperationOutcome',
    issue: faults.map((fault) => ({
      severity: 'error',
      code: (fault.issue ?? 'invariant') as OperationOutcomeIssue['code'],
      details: { text: fault.message },
      ...(fault.path === '' ? {} : { expression: [fault.path] }),
    })),
  };
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
export function informationOutcome(text: string): OperationOutcome {
  return {
    resourceType: 'OperationOutcome',
    issue: [{ severity: 'information', code: 'informational', details: { text } }],
  };
}
