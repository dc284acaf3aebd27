// A printout as a PDF: US Letter, with the patient and the page number on every page.

import PDFDocument from 'pdfkit';
import { Slices } from '#chart/slice.ts';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { codeOf, codesIn, FONTS, missingFrom, printable, withCodes } from './glyphs.ts';
import { linesOf } from './lines.ts';
import type { Fact, Part, Printout } from './printout.ts';

/** Points, 72 per inch. */
const MARGIN = 60;
const TOP = 112;
const BOTTOM = 72;
const LABEL_WIDTH = 132;
const GAP = 14;
/** Between parts. */
const SPACE = 13;
/** More than a line takes, since pdfkit may measure the text in other pieces. */
const ROOM = 40;
const SIZE = { title: 18, name: 11.5, heading: 11, text: 10, small: 8.5, foot: 7.5 } as const;
const LEADING = 2.5;
const INK = { black: '#111827', gray: '#5b6472', line: '#d1d5db', caution: '#9f1239' } as const;

/** Pages of one printout. */
const MOST_PAGES = 200;
/** Number of lines to keep on one page with what follows. */
const KEPT_LINES = 8;
/** Characters of the text repeated on every page. */
const MOST_REPEATED = 300;

type Pdf = PDFKit.PDFDocument;
/** A page while it is written, in slices. */
interface Page {
  readonly pdf: Pdf;
  readonly slices: Slices;
  /** For each page so far, the number of characters printed as codes. */
  readonly unprintable: number[];
}
type Style = { readonly font?: keyof typeof FONTS; readonly size?: number; readonly color?: string };

export interface MadePdf {
  readonly bytes: Buffer;
  /** Number of different characters printed as codes because the font lacks them. */
  readonly unprintable: number;
}

/**
 * Makes the PDF in slices.
 *
 * @throws {Refusal} `print.too-long`
 */
export async function pdfOf(given: Printout): Promise<MadePdf> {
  const slices = new Slices();
  const letters: Printout = { ...printable({ ...given, parts: [] }), parts: await printableParts(given, slices) };
  const missing = await missingIn(letters, slices);
  const printout = withCodes(letters, missing);
  const pdf = new PDFDocument({
    size: 'LETTER',
    margins: { top: TOP, bottom: BOTTOM, left: MARGIN, right: MARGIN },
    bufferPages: true,
    lang: 'en-US',
    displayTitle: true,
    font: FONTS.regular,
    info: { Title: `${letters.title}, ${letters.patient.name}`, Producer: 'Chartwire', Creator: 'Chartwire' },
  });
  pdf.registerFont('regular', FONTS.regular).registerFont('bold', FONTS.bold);
  const bytes = Array.fromAsync(pdf as AsyncIterable<Buffer>);
  const page: Page = { pdf, slices, unprintable: [] };
  await writeHead(page, printout, missing);
  for (const part of printout.parts) await writePart(page, part, printout.caution?.struck ?? false);
  await writeAttestation(page, printout.attestation);
  if (printout.signHere !== undefined) writeSignHere(pdf, printout.signHere);
  await frame(page, printout);
  pdf.end();
  return { bytes: Buffer.concat(await bytes), unprintable: missing.size };
}

async function printableParts({ parts }: Printout, slices: Slices): Promise<Part[]> {
  const printed: Part[] = [];
  for (const part of parts) {
    printed.push(printable(part));
    await slices.pause();
  }
  return printed;
}

async function missingIn({ parts, ...head }: Printout, slices: Slices): Promise<Set<string>> {
  const missing = new Set<string>();
  for (const one of [head, ...parts]) {
    for (const character of missingFrom(one)) missing.add(character);
    await slices.pause();
  }
  return missing;
}

function widthOf({ page }: Pdf): number {
  return page.width - 2 * MARGIN;
}

function ink(pdf: Pdf, { font = 'regular', size = SIZE.text, color = INK.black }: Style): Pdf {
  return pdf.font(font).fontSize(size).fillColor(color);
}

interface Place {
  readonly x: number;
  readonly width: number;
}

/** Writes below the previous text, over the whole width unless a place is given. Yields to other work after each line. */
async function write(
  { pdf, slices, unprintable }: Page,
  text: string,
  style: Style,
  strike = false,
  { x, width }: Place = { x: MARGIN, width: widthOf(pdf) },
): Promise<void> {
  ink(pdf, style);
  for (const line of linesOf(text, width, (piece) => pdf.widthOfString(piece))) {
    // It fits: pdfkit only starts a new page.
    if (line === '') pdf.y += lineHeight(pdf);
    else pdf.text(line, x, pdf.y, { width: width + ROOM, lineGap: LEADING, strike });
    const { count } = pdf.bufferedPageRange();
    if (count > MOST_PAGES) throw new Refusal('print.too-long', { limit: MOST_PAGES });
    unprintable[count - 1] = (unprintable[count - 1] ?? 0) + codesIn(line);
    await slices.pause();
  }
}

function lineHeight(pdf: Pdf): number {
  return pdf.currentLineHeight(true) + LEADING;
}

/** Points left on the page. */
function left({ page, y }: Pdf): number {
  return page.height - BOTTOM - y;
}

/** Height of its first lines, in points. */
function needs(pdf: Pdf, text: string, width: number, style: Style = {}): number {
  ink(pdf, style);
  const lines = linesOf(text, width, (piece) => pdf.widthOfString(piece));
  return lines.take(KEPT_LINES).toArray().length * lineHeight(pdf);
}

/** Starts a new page unless that many points are left. */
function keepTogether(pdf: Pdf, height: number): void {
  if (left(pdf) < height) pdf.addPage();
}

async function writeHead(page: Page, printout: Printout, missing: ReadonlySet<string>): Promise<void> {
  const { pdf } = page;
  const { title, subtitle, caution, patient } = printout;
  await write(page, title, { font: 'bold', size: SIZE.title });
  await write(page, subtitle, { color: INK.gray });
  if (caution) await writeCaution(page, caution.text);
  if (missing.size > 0) {
    // A code isn't printed as the character itself.
    const before = [...page.unprintable];
    await writeCaution(page, missingText(missing));
    page.unprintable.splice(0, page.unprintable.length, ...before);
  }
  if (patient.contact.length > 0) pdf.y += 8;
  for (const fact of patient.contact) await writeFact(page, fact);
  pdf.y += 8;
  rule(pdf, pdf.y);
  pdf.y += SPACE;
}

function missingText(missing: ReadonlySet<string>): string {
  const [first] = missing;
  const code = codeOf(first!);
  return missing.size === 1
    ? `A character can’t be printed: its code, ${code}, stands in its place. Read it in the chart, and write it in by hand.`
    : `${missing.size} characters can’t be printed: codes such as ${code} stand in their place. Read them in the chart, and write them in by hand.`;
}

async function writeCaution(page: Page, text: string): Promise<void> {
  page.pdf.y += 2;
  await write(page, text, { font: 'bold', color: INK.caution });
}

/** Keeps enough together that a heading never stands alone at the foot of a page. */
async function writePart(page: Page, { heading, facts = [], text, caution }: Part, allStruck: boolean): Promise<void> {
  const { pdf } = page;
  const struck = caution?.struck ?? allStruck;
  const color = struck ? INK.gray : INK.black;
  keepTogether(pdf, 20 + (heading ? 20 : 0) + (caution ? needs(pdf, caution.text, widthOf(pdf), { font: 'bold' }) : 0));
  if (heading) await write(page, heading, { font: 'bold', size: SIZE.heading, color }, struck);
  if (caution) await writeCaution(page, caution.text);
  if (heading) pdf.y += 2;
  for (const fact of facts) await writeFact(page, fact, struck);
  if (text !== undefined) await write(page, text, { color }, struck);
  pdf.y += SPACE;
}

/** A label beside its text, which may take several lines or pages. A longer label, such as a question, stands above it. */
async function writeFact(page: Page, [label, text]: Fact, struck = false): Promise<void> {
  const { pdf } = page;
  const style = { color: struck ? INK.gray : INK.black };
  const height = needs(pdf, label, LABEL_WIDTH);
  const line = needs(pdf, 'X', LABEL_WIDTH);
  if (height > line) {
    keepTogether(pdf, needs(pdf, label, widthOf(pdf)) + line);
    await write(page, label, { color: INK.gray });
    const place = { x: MARGIN + GAP, width: widthOf(pdf) - GAP };
    if (text !== '') await write(page, text, style, struck, place);
  } else {
    keepTogether(pdf, line);
    const { y } = pdf;
    await write(page, label, { color: INK.gray }, false, { x: MARGIN, width: LABEL_WIDTH });
    pdf.y = y;
    const beside = LABEL_WIDTH + GAP;
    await write(page, text, style, struck, { x: MARGIN + beside, width: widthOf(pdf) - beside });
  }
  pdf.y += 2;
}

async function writeAttestation(page: Page, lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return;
  const { pdf } = page;
  keepTogether(pdf, 44 + 16 * Math.min(lines.length, 6));
  rule(pdf, pdf.y);
  pdf.y += 10;
  await write(page, 'Signatures', { font: 'bold', size: SIZE.heading });
  pdf.y += 2;
  for (const line of lines) {
    await write(page, line, {});
    pdf.y += 2;
  }
}

function writeSignHere(pdf: Pdf, signer: string): void {
  keepTogether(pdf, 84);
  const y = pdf.y + 56;
  for (const [text, from, width] of [
    [signer.slice(0, MOST_REPEATED), MARGIN, 280],
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

/** Points on the right of head and foot, for the mark and the page number. */
const ASIDE = 120;

/** Draws head and foot of each page, once the number of pages is known. */
async function frame({ pdf, slices, unprintable }: Page, { patient, foot, caution }: Printout): Promise<void> {
  const { start, count } = pdf.bufferedPageRange();
  const width = widthOf(pdf) - ASIDE;
  const small: Style = { size: SIZE.small, color: INK.gray };
  const aside = { width: ASIDE, align: 'right' } as const;
  const identity = patient.identity.map(([label, text]) => `${label} ${text}`).join('   ·   ');
  const [whose, which, what] = [patient.name, identity, foot].map((text) => text.slice(0, MOST_REPEATED));
  for (let number = 0; number < count; number++) {
    pdf.switchToPage(start + number);
    // Text below the margin would start another page.
    pdf.page.margins = { ...pdf.page.margins, top: 0, bottom: 0 };
    if (caution) ink(pdf, { font: 'bold', color: INK.caution }).text(caution.mark, MARGIN + width, 43, aside);
    const name = ink(pdf, { font: 'bold', size: SIZE.name });
    name.text(whose!, MARGIN, 42, { width: width - GAP, height: 30, ellipsis: true });
    ink(pdf, small).text(which!, MARGIN, pdf.y + 2, { width: widthOf(pdf), height: 12, ellipsis: true });
    rule(pdf, 92);
    const y = pdf.page.height - 46;
    const codes = (unprintable[number] ?? 0) + [whose, which, what].reduce((sum, text) => sum + codesIn(text!), 0);
    if (codes > 0) {
      const told = `${codes === 1 ? '1 character' : `${codes} characters`} on this page can’t be printed: see the chart.`;
      ink(pdf, { font: 'bold', size: SIZE.small, color: INK.caution }).text(told, MARGIN, y - 22);
    }
    rule(pdf, y - 9);
    const footed = ink(pdf, { ...small, size: SIZE.foot });
    footed.text(what!, MARGIN, y + 1, { width: width + ASIDE - 70, height: 24, ellipsis: true });
    ink(pdf, small).text(`Page ${number + 1} of ${count}`, MARGIN + width, y, aside);
    await slices.pause();
  }
}
