// Notes and commands as PDFs.

import { Named } from './parameters.ts';
import { row } from './row.ts';

export const PDF = 'application/pdf';

export const PRINTOUTS = {
  note: row({
    method: 'GET',
    path: '/api/notes/:id/printout.pdf',
    operation: 'notes.print',
    summary: 'A note as a PDF: what it says, its addenda, and who stands for it',
    needs: 'Note.r',
    about: 'Note',
    params: Named,
    answer: { status: 200, description: 'The PDF.', type: PDF },
  }),
  command: row({
    method: 'GET',
    path: '/api/commands/:id/printout.pdf',
    operation: 'commands.print',
    summary: 'A command by itself as a PDF: a prescription, an order',
    needs: 'Command.r',
    about: 'Command',
    params: Named,
    answer: { status: 200, description: 'The PDF.', type: PDF },
  }),
};
