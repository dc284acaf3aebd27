// The XHTML of a narrative: formatting only, nothing that runs or loads. https://hl7.org/fhir/R4/narrative.html#xhtml

const ELEMENTS: ReadonlySet<string> = new Set(
  `a abbr acronym b big blockquote br caption cite code col colgroup dd dfn div dl dt em h1 h2 h3 h4 h5 h6 hr i img
  kbd li ol p pre q samp small span strong sub sup table tbody td tfoot th thead tr tt ul var`.split(/\s+/),
);

const TAG =
  /<!--[\s\S]*?-->|<(\/?)([A-Za-z][A-Za-z0-9:]*)((?:\s+[A-Za-z_][\w:.-]*\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y;
const ATTRIBUTE = /([A-Za-z_][\w:.-]*)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/** One `div`, well nested, of the elements R4 allows, without event attributes and scripts. */
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

function areSafe(attributes: string): boolean {
  for (const [, name, double, single] of attributes.matchAll(ATTRIBUTE)) {
    if (/^on/i.test(name!)) return false;
    // Entities and white space inside `javascript:` would be read by a browser all the same.
    if (
      /^(href|src)$/i.test(name!) &&
      !/^\s*(https?:|mailto:|tel:|data:image\/|#|[\w./-]*$)/i.test(double ?? single ?? '')
    )
      return false;
  }
  return true;
}

/** Some text or an image. */
export function hasNarrativeContent(value: unknown): boolean {
  return typeof value === 'string' && (/<img\b/.test(value) || /\S/.test(value.replace(/<[^<>]*>/g, '')));
}
