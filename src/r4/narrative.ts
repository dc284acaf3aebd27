// The XHTML of a narrative: formatting only, nothing that runs or loads. https://hl7.org/fhir/R4/narrative.html#xhtml

const ELEMENTS: ReadonlySet<string> = new Set(
  `a abbr acronym b big blockquote br caption cite code col colgroup dd dfn div dl dt em h1 h2 h3 h4 h5 h6 hr i img
  kbd li ol p pre q samp small span strong sub sup table tbody td tfoot th thead tr tt ul var`.split(/\s+/),
);

const TAG =
  /<!--[\s\S]*?-->|<(\/?)([A-Za-z][A-Za-z0-9:]*)((?:\s+[A-Za-z_][\w:.-]*\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y;
const ATTRIBUTE = /([A-Za-z_][\w:.-]*)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/** One `div`, well nested, of the elements R4 allows, without scripts, and without styles and attributes that load or lie over anything. */
export function isSafeNarrative(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  const text = value.trim();
  const open: string[] = [];
  let at = 0;
  while (at < text.length) {
    if (text[at] !== '<') {
      const next = text.indexOf('<', at);
      at = next === -1 ? text.length : next;
      // Text outside the div.
      if (open.length === 0) return false;
      continue;
    }
    TAG.lastIndex = at;
    const tag = TAG.exec(text);
    if (!tag) return false;
    const begin = at;
    at = TAG.lastIndex;
    const [, closing, name, attributes, selfClosing] = tag;
    if (name === undefined) continue;
    if (open.length === 0 && (name !== 'div' || begin !== 0 || closing)) return false;
    if (!ELEMENTS.has(name) || !areSafe(attributes!)) return false;
    if (closing && open.pop() !== name) return false;
    if (!closing && !selfClosing) open.push(name);
  }
  return open.length === 0 && at > 0;
}

/** Attributes that load or send something by an address, besides `href` and `src`. */
const LOADING =
  /^(srcset|background|ping|longdesc|usemap|lowsrc|dynsrc|action|formaction|data|poster|manifest|xlink:.*)$/i;

function areSafe(attributes: string): boolean {
  for (const [, name, double, single] of attributes.matchAll(ATTRIBUTE)) {
    const value = double ?? single ?? '';
    if (/^on/i.test(name!) || LOADING.test(name!)) return false;
    // Entities and white space inside `javascript:` would be read by a browser all the same.
    if (/^(href|src)$/i.test(name!) && !/^\s*(https?:|mailto:|tel:|data:image\/|#|[\w./-]*$)/i.test(value))
      return false;
    if (/^style$/i.test(name!) && !isSafeStyle(value)) return false;
  }
  return true;
}

/** What a style may set: how text, tables and boxes look. Not where they are: nothing lies over what is around it. */
const PROPERTY =
  /^(color|background-color|font(-[a-z-]+)?|text-[a-z-]+|line-height|letter-spacing|word-[a-z-]+|overflow-wrap|white-space|direction|vertical-align|list-style-type|border(-[a-z-]+)?|padding(-[a-z]+)?|margin(-[a-z]+)?|(min-|max-)?(width|height)|display|float|clear|table-layout|caption-side|empty-cells|(page-)?break-[a-z]+)$/;
const FUNCTION = /([a-z-]*)\s*\(/gi;
const COLORS = ['rgb', 'rgba', 'hsl', 'hsla'];
/** A length that covers the page, or a negative one, which moves a box over others. */
const OUT_OF_BOUNDS = /(^|[\s,(])-\s*[\d.]|\d{5}|\de\d/i;

function isSafeStyle(style: string): boolean {
  const text = style.replace(/&(quot|apos|#39|#34);/g, "'");
  // Escapes, entities and comments would have a browser read another word than is checked here.
  if (/[&\\@<>{}]|\/\*/.test(text)) return false;
  return text.split(';').every((declaration) => {
    if (declaration.trim() === '') return true;
    const [name = '', ...rest] = declaration.split(':');
    const value = rest.join(':');
    if (!PROPERTY.test(name.trim().toLowerCase()) || OUT_OF_BOUNDS.test(value)) return false;
    return [...value.matchAll(FUNCTION)].every(([, called]) => COLORS.includes(called!.toLowerCase()));
  });
}

/** Some text or an image. */
export function hasNarrativeContent(value: unknown): boolean {
  return typeof value === 'string' && (/<img\b/.test(value) || /\S/.test(value.replace(/<[^<>]*>/g, '')));
}
