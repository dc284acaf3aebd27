// Beginning a note of a patient, with what a protocol recommends in it.

import type { Client } from '@chartwire/client/internal/client/index';
import { newIdempotencyKey } from '../api/idempotency-key.ts';
import { beginNote, isBegunHere, madeFirst, makeNote } from '../note/unmade.ts';

export interface Recommended {
  readonly command: string;
  readonly fields?: Readonly<Record<string, unknown>>;
  /** It says all there is to say: it is committed at once. */
  readonly commit?: boolean;
}

/** What a button of the chart enters. */
export interface Beginning {
  /** Which button it is. */
  readonly button: string;
  readonly commands: readonly Recommended[];
}

/** Enters the commands, all or none, into the note, or into a new one. The id of the note. */
export async function beginRecommended(
  server: Client,
  patient: string,
  note: string | undefined,
  commands: readonly Recommended[],
): Promise<string> {
  const into = note ?? beginNote();
  await madeFirst(into);
  if (isBegunHere(into)) await makeNote({ id: into, patient, version: 0 });
  await server.commands.originate({
    params: { id: into },
    body: { commands: [...commands] },
    idempotencyKey: newIdempotencyKey(),
  });
  return into;
}
