// Printouts of notes and commands: PDFs of the server, in a tab of their own, for the browser's viewer to print.

import { api } from '../api/client.ts';
export function openPrintout(what: 'notes' | 'commands', id: string): void {
  const printout = what === 'notes' ? api.printouts.note : api.printouts.command;
  window.open(printout.path({ params: { id } }), '_blank', 'noopener');
}
