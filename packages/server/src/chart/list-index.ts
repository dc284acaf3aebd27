// Our own sort parameters for lists, in addition to R4's search parameters, so that a page is read from the index only as far as
// needed. Migration 0010 wrote the same for earlier records.

import type { Communication, Observation, Task } from '@medplum/fhirtypes';
import { indexRecord, patientOf } from '#r4/search-index.ts';
import { REVIEW } from '@chartwire/sdk/internal/kit/systems';
import { labelsOf } from '@chartwire/sdk/internal/records/labels';
import { dueOf } from '@chartwire/sdk/internal/records/task-steps';
import type { SearchIndex } from '#store/contract.ts';
import { SAID, THREAD, UNREAD } from '#store/messages.ts';
import { REVIEW_MARK } from '#store/reports.ts';
import { dueParameter, NEVER } from '#store/tasks.ts';

/** A task's due date, among tasks of its status. */
export function indexTask(task: Task): SearchIndex {
  return withRows(indexRecord(task), [[dueParameter(task.status), dueOf(task) ?? NEVER]]);
}

/** A message by time, overall and for its patient, and whether the practice hasn't read it. */
export function indexMessage(message: Communication): SearchIndex {
  const index = indexRecord(message);
  const patient = patientOf(message);
  if (patient === null || message.status === 'entered-in-error') return index;
  const sent = index.dates.find(({ p }) => p === 'sent')?.l;
  const at = new Date(sent ?? message.meta?.lastUpdated ?? 0).toISOString();
  const theirs = index.tokens.some(
    (token) => token === `sender=Patient/${patient}` || token.startsWith('sender=RelatedPerson/'),
  );
  return withRows(index, [
    [SAID, `${at} ${patient}`],
    [THREAD, `${patient} ${at}`],
    ...(theirs && message.received === undefined ? [[UNREAD, patient] as const] : []),
  ]);
}

/** A laboratory value that waits for a review on its own, or had one. Most belong to reports and have no row. */
export function indexResult(observation: Observation): SearchIndex {
  const index = indexRecord(observation);
  const marks = labelsOf(observation, REVIEW);
  return marks.length === 0
    ? index
    : withRows(
        index,
        marks.map((mark) => [REVIEW_MARK, mark]),
      );
}

function withRows(index: SearchIndex, rows: readonly (readonly [param: string, value: string])[]): SearchIndex {
  return { ...index, strings: [...index.strings, ...rows.map(([p, v]) => ({ p, v, x: v }))] };
}
