// Printouts of notes and commands: PDFs of the server, in a tab of their own, for the browser's viewer to print.

export function openPrintout(what: 'notes' | 'commands', id: string): void {
  window.open(`/api/${what}/${encodeURIComponent(id)}/printout.pdf`, '_blank', 'noopener');
}
