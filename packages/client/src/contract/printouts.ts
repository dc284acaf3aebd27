// Notes and commands as PDFs.

import { Named } from './parameters.ts';
import { row } from './row.ts';

export const PDF = 'application/pdf';

/** How many different characters the PDF shows as codes because its fonts lack them. Absent if there are none. */
export const UNPRINTABLE = 'chartwire-unprintable';

const PRINTED = `The PDF. The header \`${UNPRINTABLE}\` tells how many different characters have their codes in their place.`;

export const PRINTOUTS = {
  note: row({
    method: 'GET',
    path: '/api/notes/:id/printout.pdf',
    operation: 'notes.print',
    summary: 'A note as a PDF: what it says, its addenda, and who signed it',
    needs: 'Note.r',
    about: 'Note',
    params: Named,
    answer: { status: 200, description: PRINTED, type: PDF },
  }),
  command: row({
    method: 'GET',
    path: '/api/commands/:id/printout.pdf',
    operation: 'commands.print',
    summary: 'A command by itself as a PDF: a prescription, an order',
    needs: 'Command.r',
    about: 'Command',
    params: Named,
    answer: { status: 200, description: PRINTED, type: PDF },
  }),
};
