// The XHTML of a narrative: well-formed, formatting only, nothing that runs. Links and images may lead anywhere.
// https://hl7.org/fhir/R4/narrative.html#xhtml

const NAMESPACE = 'http://www.w3.org/1999/xhtml';

const ELEMENTS: ReadonlySet<string> = new Set(
  `a abbr acronym address area b bdo big blockquote br caption cite code col colgroup dd dfn div dl dt em h1 h2 h3 h4
  h5 h6 hr i img kbd li map ol p pre q samp small span strong sub sup table tbody td tfoot th thead tr tt ul var`.split(
    /\s+/,
  ),
);

/** What is wrong, and at which character. */
interface Flaw {
  readonly at: number;
  readonly reason: string;
}

/**
 * Why a text isn't a narrative, with its position: `line 2, column 7: the element script is not allowed`. Undefined for one `div`
 * of well-formed XHTML with the elements that R4 allows, without scripts, and without styles and attributes that load or overlay
 * anything. A missing `xmlns` is accepted; readers add it.
 */
export function narrativeFault(value: unknown): string | undefined {
  if (typeof value !== 'string') return 'it is not text';
  const flaw = flawIn(value);
  return flaw && `${placeOf(value, flaw.at)}: ${flaw.reason}`;
}

function placeOf(text: string, at: number): string {
  const before = text.slice(0, at);
  const start = before.lastIndexOf('\n') + 1;
  return `line ${before.split('\n').length}, column ${at - start + 1}`;
}

const COMMENT = /<!--(?:(?!--)[\s\S])*-->/y;
const TAG = /<(\/?)([A-Za-z_][\w.:-]*)/y;
const ATTRIBUTE = /\s+([A-Za-z_][\w.:-]*)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
/**
 * XML markup that HTML lacks. R4 requires the div to be readable as HTML, where such markup would be dropped or shown
 * differently: hidden text, or a narrative without its structure.
 */
const MARKUP: readonly { readonly begins: string; readonly reason: string }[] = [
  { begins: '<![CDATA[', reason: 'CDATA is not allowed: write the text itself, with &lt; and &amp;' },
  { begins: '<!', reason: 'a declaration is not allowed' },
  { begins: '<?', reason: 'a processing instruction is not allowed' },
];
const TAG_END = /\s*(\/?)>/y;

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function flawIn(text: string): Flaw | undefined {
  const open: { name: string; at: number }[] = [];
  const end = text.trimEnd().length;
  let at = text.length - text.trimStart().length;
  const begin = at;
  while (at < end) {
    if (text[at] !== '<') {
      const next = text.indexOf('<', at);
      const stop = next === -1 ? end : next;
      if (open.length === 0) return { at, reason: 'there is text outside the div' };
      const flaw = flawInText(text, at, stop);
      if (flaw) return flaw;
      at = stop;
      continue;
    }
    if (text.startsWith('<!--', at)) {
      const comment = match(COMMENT, text, at);
      if (!comment) return { at, reason: 'the comment does not end, or holds --' };
      at = COMMENT.lastIndex;
      continue;
    }
    const markup = MARKUP.find(({ begins }) => text.startsWith(begins, at));
    if (markup) return { at, reason: markup.reason };
    const tag = tagAt(text, at);
    if ('reason' in tag) return tag;
    const { name, closing, empty } = tag;
    if (open.length === 0 && (name !== 'div' || at !== begin || closing)) return { at, reason: 'it must be one div' };
    if (closing) {
      const opened = open.pop()!;
      if (opened.name !== name) return { at, reason: `</${name}> closes what <${opened.name}> opened` };
    } else if (!empty) open.push({ name, at });
    at = tag.end;
  }
  const unclosed = open.pop();
  if (unclosed) return { at: unclosed.at, reason: `<${unclosed.name}> is not closed` };
  return at === begin ? { at: 0, reason: 'it must be one div' } : undefined;
}

interface Tag {
  readonly name: string;
  readonly closing: boolean;
  /** `<br/>`. */
  readonly empty: boolean;
  readonly end: number;
}

function tagAt(text: string, at: number): Tag | Flaw {
  const tag = match(TAG, text, at);
  if (!tag) return { at, reason: 'a < that begins no tag is written &lt;' };
  const name = tag[2]!;
  if (name.includes(':')) {
    const reason = `the element ${told(name)} has a prefix: make XHTML the default namespace, with xmlns on the div`;
    return { at, reason };
  }
  if (!ELEMENTS.has(name)) return { at, reason: `the element ${told(name)} is not allowed` };
  const closing = tag[1] === '/';
  let end = TAG.lastIndex;
  const names = new Set<string>();
  for (let found = match(ATTRIBUTE, text, end); found && !closing; found = match(ATTRIBUTE, text, end)) {
    const [whole, attribute = '', double, single] = found;
    const from = end + whole.indexOf(attribute);
    if (names.has(attribute)) return { at: from, reason: `the attribute ${told(attribute)} is there twice` };
    names.add(attribute);
    const value = double ?? single ?? '';
    const start = end + whole.length - value.length - 1;
    end = ATTRIBUTE.lastIndex;
    const flaw = flawInText(text, start, end - 1) ?? flawOfAttribute(attribute, value, from);
    if (flaw) return flaw;
  }
  const rest = match(TAG_END, text, end);
  if (!rest) return { at, reason: `the tag ${told(name)} does not end, or has an attribute without a quoted value` };
  return { name, closing, empty: rest[1] === '/', end: TAG_END.lastIndex };
}

const REFERENCE = /&(?:(lt|gt|amp|quot|apos);|#([0-9]{1,7});|#x([0-9A-Fa-f]{1,6});|([A-Za-z][A-Za-z0-9]{0,31};)?)/g;

/** Entities: those of XML and numbers. FHIR has no DTD in which HTML's names would be declared. */
function flawInText(text: string, from: number, to: number): Flaw | undefined {
  // Cut out first: a search in the whole text would go to its end for each part without one.
  const part = text.slice(from, to);
  const end = part.indexOf(']]>');
  if (end !== -1) return { at: from + end, reason: ']]> is written ]]&gt;' };
  for (const found of part.matchAll(REFERENCE)) {
    const [whole, name, decimal, hex] = found;
    const at = from + found.index;
    if (whole === '&') return { at, reason: 'an & that begins no entity is written &amp;' };
    if (name !== undefined) continue;
    if (decimal === undefined && hex === undefined) {
      return { at, reason: `${whole} is no entity of XML: write the character itself, or its number (&#160;)` };
    }
    if (!isXmlCharacter(codeOf(decimal, hex))) return { at, reason: 'the number is that of no character of XML' };
  }
  return undefined;
}

function codeOf(decimal: string | undefined, hex: string | undefined): number {
  return decimal === undefined ? Number.parseInt(hex ?? '0', 16) : Number(decimal);
}

/** https://www.w3.org/TR/xml/#charsets */
function isXmlCharacter(code: number): boolean {
  if (code < 0x20) return code === 0x9 || code === 0xa || code === 0xd;
  return code <= 0xd7ff || (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff);
}

/** The text of an attribute's value. References to invalid characters are kept. */
function unescapedXml(value: string): string {
  return value.replace(REFERENCE, (whole, name?: string, decimal?: string, hex?: string) => {
    if (name !== undefined) return NAMED[name]!;
    if (decimal === undefined && hex === undefined) return whole;
    const code = codeOf(decimal, hex);
    return isXmlCharacter(code) ? String.fromCodePoint(code) : whole;
  });
}

const ADDRESSED: ReadonlySet<string> = new Set(['a', 'img', 'area']);

/** XHTML with the addresses of its links and images changed by `change`. Malformed text is kept. */
export function withAddresses(text: string, change: (address: string) => string): string {
  const pieces: string[] = [];
  let done = 0;
  for (let at = text.indexOf('<'); at !== -1; at = text.indexOf('<', at)) {
    if (text.startsWith('<!--', at)) {
      at = text.indexOf('-->', at + '<!--'.length);
      if (at === -1) break;
      continue;
    }
    const tag = match(TAG, text, at);
    at += tag?.[0].length ?? 1;
    if (!tag || tag[1] === '/' || !ADDRESSED.has(tag[2]!)) continue;
    for (let found = match(ATTRIBUTE, text, at); found; found = match(ATTRIBUTE, text, at)) {
      const [whole, name, double, single] = found;
      const value = double ?? single ?? '';
      at += whole.length;
      if (name !== 'href' && name !== 'src') continue;
      const address = unescapedXml(value);
      const changed = change(address);
      if (changed === address) continue;
      pieces.push(text.slice(done, at - value.length - 2), `"${escapedXml(changed)}"`);
      done = at;
    }
  }
  return pieces.join('') + text.slice(done);
}

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function escapedXml(text: string): string {
  return text.replace(/[<>&"']/g, (char) => `&${Object.keys(NAMED).find((name) => NAMED[name] === char)!};`);
}

/** Other attributes than `href` and `src` that load or send something. */
const LOADING = /^(srcset|background|ping|longdesc|lowsrc|dynsrc|action|formaction|data|poster|manifest|xlink:.*)$/i;
const LINK = /^(href|src|cite|usemap)$/i;

function flawOfAttribute(name: string, value: string, at: number): Flaw | undefined {
  if (/^on/i.test(name)) return { at, reason: `the attribute ${told(name)} is for a script` };
  if (LOADING.test(name)) return { at, reason: `the attribute ${told(name)} is not allowed` };
  if (name === 'xmlns' && value !== NAMESPACE) return { at, reason: `the namespace of XHTML is ${NAMESPACE}` };
  // A prefix would have to be declared; `xml` is.
  if (name.includes(':') && !name.startsWith('xml:')) return { at, reason: `the attribute ${told(name)} has a prefix` };
  if (LINK.test(name) && isScript(unescapedXml(value))) return { at, reason: `the ${told(name)} holds a script` };
  if (/^style$/i.test(name) && !isSafeStyle(value)) {
    return { at, reason: 'the style does more than say how text, tables and boxes look' };
  }
  return undefined;
}

/** The name comes from the writer: quoted only if short. */
function told(name: string): string {
  return name.length <= 32 ? name : 'of that name';
}

/** A browser ignores spaces and control characters in `javascript:`; a document as data can hold scripts. */
function isScript(address: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what it looks for
  const bare = address.replace(/[\u0000-\u0020\u007f-\u00a0]/g, '').toLowerCase();
  if (!bare.startsWith('data:')) return /^(javascript|vbscript|livescript):/.test(bare);
  return !/^data:(image|audio|video)\/|^data:(application\/pdf|text\/plain)\b/.test(bare);
}

/** Allowed styles: the appearance of text, tables, and boxes. Not their position, so that nothing overlays other content. */
const PROPERTY =
  /^(color|background(-[a-z-]+)?|font(-[a-z-]+)?|text-[a-z-]+|line-height|letter-spacing|word-[a-z-]+|overflow(-[a-z]+)?|white-space|hyphens|direction|unicode-bidi|quotes|vertical-align|list-style(-[a-z]+)?|border(-[a-z-]+)?|box-sizing|padding(-[a-z]+)?|margin(-[a-z]+)?|(min-|max-)?(width|height)|display|float|clear|table-layout|caption-side|empty-cells|(page-)?break-[a-z]+|orphans|widows)$/;
/** The word that a text ends with. */
const LAST_WORD = /(?<![a-z-])[a-z-]*$/i;
const HEX_COLOR = /#[0-9a-f]{3,8}\b/gi;
const COLORS = ['rgb', 'rgba', 'hsl', 'hsla'];
/** A length that covers the page, or a negative one, which moves a box over others. */
const OUT_OF_BOUNDS = /(^|[\s,(])-\s*[\d.]|\d{5}|\de\d/i;
/** A picture, by its address or holding it, as R4's own narratives have it behind cells of tables. */
const PICTURE = /url\((?:\s*"([^"()]*)"\s*|\s*'([^'()]*)'\s*|([^"'()]*))\)/gi;
const PICTURED = /^(background|list-style)(-image)?$/;
/** In characters, without the pictures. */
const LONGEST_STYLE = 4096;

function isSafeStyle(style: string): boolean {
  const text = style
    .replace(/&(quot|apos|#39|#34);/g, "'")
    .replace(PICTURE, (whole, ...addresses: (string | undefined)[]) =>
      isPicture(addresses.slice(0, 3).find((one) => one !== undefined) ?? '') ? 'picture()' : whole,
    );
  if (text.length > LONGEST_STYLE) return false;
  // Escapes, entities and comments would have a browser read another word than is checked here.
  if (/[&\\@<>{}]|\/\*/.test(text)) return false;
  return text.split(';').every((declaration) => {
    // A word alone sets nothing; R4's own narratives have some.
    if (/^[\w-]*$/.test(declaration.trim())) return true;
    const [name = '', ...rest] = declaration.split(':');
    const property = name.trim().toLowerCase();
    const value = rest.join(':').replace(HEX_COLOR, 'color');
    if (!PROPERTY.test(property) || OUT_OF_BOUNDS.test(value)) return false;
    const functions = PICTURED.test(property) ? [...COLORS, 'picture'] : COLORS;
    const calls = value.split('(').slice(0, -1);
    return calls.every((before) => functions.includes(LAST_WORD.exec(before.trimEnd())![0].toLowerCase()));
  });
}

function isPicture(address: string): boolean {
  if (/^\s*data\s*:/i.test(address)) return /^\s*data:\s*image\/[a-z0-9.+-]+;base64,[A-Za-z0-9+/=\s]*$/i.test(address);
  return !/[\\<>]|\/\*/.test(address) && !isScript(unescapedXml(address));
}

/** Some text or an image. */
export function hasNarrativeContent(value: unknown): boolean {
  return typeof value === 'string' && (/<img\b/.test(value) || /\S/.test(value.replace(/<[^<>]*>/g, '')));
}
