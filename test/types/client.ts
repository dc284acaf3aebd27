// Proved by tsc, never run: what the client takes and gives is what the contract says.

import type { Patient } from '@medplum/fhirtypes';
import { createClient } from '#client/index.ts';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Assert<T extends true> = T;

const chartwire = createClient();

export async function right(): Promise<void> {
  const { items, next } = await chartwire.tasks.list();
  const title: string = items[0]!.title;
  const after: string | null = next;
  await chartwire.tasks.list({ query: { state: 'done', limit: 5 }, signal: AbortSignal.timeout(1) });
  await chartwire.tasks.create({ body: { title, labels: ['a'] as readonly string[] }, idempotencyKey: 'k' });
  await chartwire.notes.addenda.create({ params: { id: '1' }, body: { text: after ?? '' } });
  const gone: undefined = await chartwire.inbox.discard({ params: { id: '1' } });
  const file: Response = await chartwire.audit.export({ query: { format: 'csv' } });
  for await (const { data } of chartwire.events.stream({ after: '1' })) data.chartVersion satisfies number | null;
  await chartwire.inbox.receive({ upload: { bytes: new Blob([]), type: 'application/pdf' }, query: { title } });
  const patient: Patient & { id: string } = await chartwire.fhir.read('Patient', '1');
  const link: string = chartwire.printouts.note.path({ params: { id: '1' } });
  void [gone, file, patient, link];
}

export type Tasks = Awaited<ReturnType<typeof chartwire.tasks.get>>;
export type Told = [
  Assert<Equal<Tasks['assignee'], { reference: string; name: string | null } | null>>,
  Assert<Equal<Tasks['comments'], number>>,
];

export function wrong(): void {
  // @ts-expect-error: no such operation
  chartwire.tasks.lst;
  // @ts-expect-error: no such parameter
  chartwire.tasks.list({ query: { stat: 'done' } });
  // @ts-expect-error: no such state
  chartwire.tasks.list({ query: { state: 'never' } });
  // @ts-expect-error: whose task is not said
  chartwire.tasks.get();
  // @ts-expect-error: a body that must have a title
  void chartwire.tasks.create({ body: {} });
  // @ts-expect-error: it is not safe to repeat
  void chartwire.tasks.comment({ params: { id: '1' }, body: { text: 'x' }, idempotencyKey: 'k' });
  // @ts-expect-error: no document of this type is taken
  void chartwire.inbox.receive({ upload: { bytes: new Blob([]), type: 'text/plain' } });
  // @ts-expect-error: only a stream goes on after a message
  void chartwire.tasks.list({ after: '1' });
}
