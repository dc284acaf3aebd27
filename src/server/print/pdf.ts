// A printout as a PDF: US letter, the patient and the page's number on every page.

import PDFDocument from 'pdfkit';
import { Slices } from '#chart/slice.ts';
import { FONTS, missingFrom, printable } from './glyphs.ts';
import type { Fact, Part, Printout } from './printout.ts';

/** Points, of which an inch has 72. */
const MARGIN = 60;
const TOP = 112;
const BOTTOM = 72;
const LABEL_WIDTH = 132;
const GAP = 14;
/** Between parts. */
const SPACE = 13;
const SIZE = { title: 18, name: 11.5, heading: 11, text: 10, small: 8.5, foot: 7.5 } as const;
const LEADING = 2.5;
const INK = { black: '#111827', gray: '#5b6472', line: '#d1d5db', caution: '#9f1239' } as const;

type Pdf = PDFKit.PDFDocument;
type Style = { readonly font?: keyof typeof FONTS; readonly size?: number; readonly color?: string };

/** The bytes of the PDF. */
export async function pdfOf(given: Printout): Promise<Buffer> {
  const printout = printable(given);
  const pdf = new PDFDocument({
    size: 'LETTER',
    margins: { top: TOP, bottom: BOTTOM, left: MARGIN, right: MARGIN },
    bufferPages: true,
    lang: 'en-US',
    displayTitle: true,
    font: FONTS.regular,
    info: { Title: `${printout.title}, ${printout.patient.name}`, Producer: 'Chartwire', Creator: 'Chartwire' },
  });
  pdf.registerFont('regular', FONTS.regular).registerFont('bold', FONTS.bold);
  const bytes = Array.fromAsync(pdf as AsyncIterable<Buffer>);
  writeHead(pdf, printout);
  const slices = new Slices();
  for (const part of printout.parts) {
    writePart(pdf, part, printout.caution?.struck ?? false);
    await slices.pause();
  }
  writeAttestation(pdf, printout.attestation);
  if (printout.signHere !== undefined) writeSignHere(pdf, printout.signHere);
  frame(pdf, printout);
  pdf.end();
  return Buffer.concat(await bytes);
}

function widthOf({ page }: Pdf): number {
  return page.width - 2 * MARGIN;
}

function ink(pdf: Pdf, { font = 'regular', size = SIZE.text, color = INK.black }: Style): Pdf {
  return pdf.font(font).fontSize(size).fillColor(color);
}

/** Over the whole width, below what was written last. */
function write(pdf: Pdf, text: string, style: Style, strike = false): void {
  ink(pdf, style).text(text, MARGIN, pdf.y, { width: widthOf(pdf), lineGap: LEADING, strike });
}

/** How far it is until the page is full, in points. */
function left({ page, y }: Pdf): number {
  return page.height - BOTTOM - y;
}

function needs(pdf: Pdf, text: string, width: number, style: Style = {}): number {
  return ink(pdf, style).heightOfString(text, { width, lineGap: LEADING });
}

/** Begins a new page unless so many points are left on this one. */
function keepTogether(pdf: Pdf, height: number): void {
  if (left(pdf) < height) pdf.addPage();
}

function writeHead(pdf: Pdf, printout: Printout): void {
  const { title, subtitle, caution, patient } = printout;
  write(pdf, title, { font: 'bold', size: SIZE.title });
  write(pdf, subtitle, { color: INK.gray });
  if (caution) writeCaution(pdf, caution.text);
  const missing = missingFrom(printout);
  if (missing.length > 0) {
    const codes = `${missing.slice(0, 20).join(', ')}${missing.length > 20 ? ' and more' : ''}`;
    writeCaution(pdf, `This PDF can’t show these characters: ${codes}. Read them on the screen.`);
  }
  if (patient.contact.length > 0) pdf.y += 8;
  for (const fact of patient.contact) writeFact(pdf, fact);
  pdf.y += 8;
  rule(pdf, pdf.y);
  pdf.y += SPACE;
}

function writeCaution(pdf: Pdf, text: string): void {
  pdf.y += 2;
  write(pdf, text, { font: 'bold', color: INK.caution });
}

/** Enough of it stays together that no heading stands by itself at the foot of a page. */
function writePart(pdf: Pdf, { heading, facts = [], text, caution }: Part, allStruck: boolean): void {
  const struck = caution?.struck ?? allStruck;
  const color = struck ? INK.gray : INK.black;
  keepTogether(pdf, 20 + (heading ? 20 : 0) + (caution ? needs(pdf, caution.text, widthOf(pdf), { font: 'bold' }) : 0));
  if (heading) write(pdf, heading, { font: 'bold', size: SIZE.heading, color }, struck);
  if (caution) writeCaution(pdf, caution.text);
  if (heading) pdf.y += 2;
  for (const fact of facts) writeFact(pdf, fact, struck);
  if (text !== undefined) write(pdf, text, { color }, struck);
  pdf.y += SPACE;
}

/** A label beside its text, which may take several lines or pages; a longer one, such as a question, stands above it. */
function writeFact(pdf: Pdf, [label, text]: Fact, struck = false): void {
  const style = { color: struck ? INK.gray : INK.black };
  const height = needs(pdf, label, LABEL_WIDTH);
  const line = needs(pdf, 'X', LABEL_WIDTH);
  if (height > line) {
    keepTogether(pdf, needs(pdf, label, widthOf(pdf)) + line);
    write(pdf, label, { color: INK.gray });
    if (text !== '')
      ink(pdf, style).text(text, MARGIN + GAP, pdf.y, { width: widthOf(pdf) - GAP, lineGap: LEADING, strike: struck });
  } else {
    keepTogether(pdf, line);
    writeBeside(pdf, label, text, style, struck);
  }
  pdf.y += 2;
}

function writeBeside(pdf: Pdf, label: string, text: string, style: Style, struck: boolean): void {
  const { y } = pdf;
  ink(pdf, { color: INK.gray }).text(label, MARGIN, y, { width: LABEL_WIDTH, lineGap: LEADING });
  const width = widthOf(pdf) - LABEL_WIDTH - GAP;
  ink(pdf, style).text(text, MARGIN + LABEL_WIDTH + GAP, y, { width, lineGap: LEADING, strike: struck });
}

function writeAttestation(pdf: Pdf, lines: readonly string[]): void {
  if (lines.length === 0) return;
  keepTogether(pdf, 44 + 16 * Math.min(lines.length, 6));
  rule(pdf, pdf.y);
  pdf.y += 10;
  write(pdf, 'Signatures', { font: 'bold', size: SIZE.heading });
  pdf.y += 2;
  for (const line of lines) {
    write(pdf, line, {});
    pdf.y += 2;
  }
}

function writeSignHere(pdf: Pdf, signer: string): void {
  keepTogether(pdf, 84);
  const y = pdf.y + 56;
  for (const [text, from, width] of [
    [signer, MARGIN, 280],
    ['Date', MARGIN + 310, widthOf(pdf) - 310],
  ] as const) {
    line(pdf, from, y, width, INK.black);
    ink(pdf, { size: SIZE.small, color: INK.gray }).text(text, from, y + 5, { width, height: 22, ellipsis: true });
  }
}

function line(pdf: Pdf, x: number, y: number, width: number, color: string): void {
  pdf
    .moveTo(x, y)
    .lineTo(x + width, y)
    .lineWidth(0.6)
    .strokeColor(color)
    .stroke();
}

function rule(pdf: Pdf, y: number): void {
  line(pdf, MARGIN, y, widthOf(pdf), INK.line);
}

/** Points at the right of the head and the foot: the mark, the page's number. */
const ASIDE = 120;

/** Head and foot of each page, now that it is known how many there are. */
function frame(pdf: Pdf, { patient, foot, caution }: Printout): void {
  const { start, count } = pdf.bufferedPageRange();
  const width = widthOf(pdf) - ASIDE;
  const small: Style = { size: SIZE.small, color: INK.gray };
  const aside = { width: ASIDE, align: 'right' } as const;
  const identity = patient.identity.map(([label, text]) => `${label} ${text}`).join('   ·   ');
  for (let number = 0; number < count; number++) {
    pdf.switchToPage(start + number);
    // Text below the margin would begin another page.
    pdf.page.margins = { ...pdf.page.margins, top: 0, bottom: 0 };
    if (caution) ink(pdf, { font: 'bold', color: INK.caution }).text(caution.mark, MARGIN + width, 43, aside);
    const name = ink(pdf, { font: 'bold', size: SIZE.name });
    name.text(patient.name, MARGIN, 42, { width: width - GAP, height: 30, ellipsis: true });
    ink(pdf, small).text(identity, MARGIN, pdf.y + 2, { width: widthOf(pdf), height: 12, ellipsis: true });
    rule(pdf, 92);
    const y = pdf.page.height - 46;
    rule(pdf, y - 9);
    const footed = ink(pdf, { ...small, size: SIZE.foot });
    footed.text(foot, MARGIN, y + 1, { width: width + ASIDE - 70, height: 24, ellipsis: true });
    ink(pdf, small).text(`Page ${number + 1} of ${count}`, MARGIN + width, y, aside);
  }
}
