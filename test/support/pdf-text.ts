// What is written on the pages of a PDF, as pdfkit writes them: text in glyphs of embedded fonts, which say what they mean.

import { inflateSync } from 'node:zlib';

/** The lines of each page, in the order in which they were written. */
export function linesOfPages(pdf: Buffer): string[][] {
  const objects = objectsOf(pdf.toString('latin1'));
  const text = (id: string | undefined): string => objects.get(id ?? '') ?? '';
  const pages = [...objects.values()].filter((object) => /\/Type \/Page\b(?!s)/.test(object));
  return pages.map((page) => {
    const resources = text(referred(page, 'Resources'));
    const fonts = new Map(
      Array.from(resources.matchAll(/\/(F\d+) (\d+) 0 R/g), ([, name, id]) => [
        name!,
        lettersOf(text(referred(text(id), 'ToUnicode'))),
      ]),
    );
    return linesIn(text(referred(page, 'Contents')), fonts);
  });
}

/** By their numbers, streams inflated. */
function objectsOf(pdf: string): Map<string, string> {
  return new Map(
    Array.from(pdf.matchAll(/(?:^|\n)(\d+) 0 obj\n([\s\S]*?)\nendobj/g), ([, id, object]) => {
      const [, head, stream] = /^([\s\S]*?)\nstream\n([\s\S]*)\nendstream$/.exec(object!) ?? [];
      if (stream === undefined) return [id!, object!];
      const packed = /FlateDecode/.test(head!);
      return [id!, packed ? inflateSync(Buffer.from(stream, 'latin1')).toString('latin1') : stream];
    }),
  );
}

function referred(object: string, name: string): string | undefined {
  return new RegExp(`/${name} (\\d+) 0 R`).exec(object)?.[1];
}

/** What each glyph of a font means, by its number in four hexadecimal digits. */
function lettersOf(cmap: string): ReadonlyMap<string, string> {
  const ranges = Array.from(cmap.matchAll(/<([0-9a-f]{4})> <[0-9a-f]{4}> \[([^\]]*)\]/gi));
  return new Map(
    ranges.flatMap(([, first, letters]) =>
      Array.from(letters!.matchAll(/<([0-9a-f]*)>/gi), ([, units], index): [string, string] => [
        (Number.parseInt(first!, 16) + index).toString(16).padStart(4, '0'),
        Buffer.from(units!, 'hex').swap16().toString('utf16le'),
      ]),
    ),
  );
}

function linesIn(content: string, fonts: ReadonlyMap<string, ReadonlyMap<string, string>>): string[] {
  return Array.from(content.matchAll(/BT\n([\s\S]*?)ET/g), ([, block]) => {
    const letters = fonts.get(/\/(F\d+) [\d.]+ Tf/.exec(block!)?.[1] ?? '');
    const glyphs = Array.from(block!.matchAll(/<([0-9a-f]+)>/gi), ([, hex]) => hex!.toLowerCase().match(/.{4}/g) ?? []);
    return glyphs
      .flat()
      .map((glyph) => letters?.get(glyph) ?? '\ufffd')
      .join('');
  });
}
