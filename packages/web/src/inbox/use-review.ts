// Saying that a report was looked at, with the version that was: by itself, or with a message to the patient.

import type { ReportShape } from '@chartwire/client/internal/contract/reports';
import { api } from '../api/client.ts';
import { useWrite, type WriteHere } from '../api/write.ts';
import { tell } from '../ui/toast.tsx';

interface Review {
  readonly comment?: string;
  readonly message?: string;
}

const ROWS = {
  DiagnosticReport: 'reviewDiagnosticReport',
  DocumentReference: 'reviewDocumentReference',
  Observation: 'reviewObservation',
} as const;

/** @param onReviewed is called as soon as it is, while the report is still in the list and the reviewer still here */
export function useReview(report: ReportShape, onReviewed: () => void): WriteHere<Review> {
  const { type, id, version, seen, title } = report;
  return useWrite(
    (server, review: Review) => server.reports[ROWS[type]]({ params: { id }, body: { ...review, version, seen } }),
    {
      shown: 'here',
      changes: [api.reports.list.path()],
      onTakenHere: onReviewed,
      // A review is seen by the next one being shown.
      onDone: (_, { message }) => message && tell('Reviewed, and message sent.', { about: title }),
    },
  );
}
