// The HTML around a page: header, navigation, table of contents, and the pages before and after it.

import { posix } from 'node:path';
import { escapeHtml, type Rendered } from './markdown.ts';
import { addressOf, type Page, PAGES, SECTIONS, type Section } from './navigation.ts';

/** Headings that a table of contents can take before it lists those of the second level only. */
const MANY_HEADINGS = 40;

export function htmlOf(page: Rendered): string {
  const address = addressOf(page.source);
  const to = (other: string): string => posix.relative(posix.dirname(address), other) || posix.basename(other);
  const index = PAGES.findIndex(({ source }) => source === page.source);
  const title = address === 'index.html' ? 'Chartwire documentation' : `${page.title} · Chartwire`;
  const section = SECTIONS.find(({ pages }) => pages.some(({ source }) => source === page.source));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="${to('icon.svg')}" type="image/svg+xml">
<link rel="stylesheet" href="${to('site.css')}">
<script src="${to('site.js')}"></script>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header class="top">
<button class="menu" type="button" aria-expanded="false" aria-controls="pages">Menu</button>
<a class="brand" href="${to('index.html')}"><img src="${to('icon.svg')}" alt="" width="24" height="24">Chartwire<span> docs</span></a>
<div class="search" role="search">
<input type="search" id="search" placeholder="Search (press /)" aria-label="Search the documentation" autocomplete="off" data-base="${to('index.html').replace(/index\.html$/, '')}">
<div class="results" hidden><p role="status"></p><ul></ul></div>
</div>
<button class="theme" type="button" aria-label="Switch between light and dark">◐</button>
</header>
<div class="page">
<nav class="pages" id="pages" aria-label="Pages">
${SECTIONS.map((one) => navigation(one, page, one === section, to)).join('\n')}
</nav>
<main id="content" tabindex="-1">
${section && address !== 'index.html' ? `<p class="crumb">${escapeHtml(section.title)}</p>` : ''}
${page.html}
<footer class="around">${around(PAGES[index - 1], 'Previous', to)}${around(PAGES[index + 1], 'Next', to)}</footer>
</main>
${contents(page)}
</div>
</body>
</html>
`;
}

function navigation(
  { title, pages, closed }: Section,
  page: Rendered,
  current: boolean,
  to: (a: string) => string,
): string {
  const items = pages.map(({ source, label }) => {
    const here = source === page.source ? ' aria-current="page"' : '';
    return `<li><a href="${to(addressOf(source))}"${here}>${escapeHtml(label)}</a></li>`;
  });
  const list = `<ul>${items.join('')}</ul>`;
  return `<details${closed && !current ? '' : ' open'}><summary>${escapeHtml(title)}</summary>${list}</details>`;
}

function around(page: Page | undefined, which: string, to: (a: string) => string): string {
  if (!page) return '<span></span>';
  return `<a href="${to(addressOf(page.source))}"><small>${which}</small>${escapeHtml(page.label)}</a>`;
}

function contents({ headings }: Rendered): string {
  const below = headings.filter(({ level }) => level === 2 || level === 3);
  const shown = below.length > MANY_HEADINGS ? below.filter(({ level }) => level === 2) : below;
  if (shown.length < 2) return '';
  const items = shown.map(
    ({ level, text, anchor }) => `<li class="level-${level}"><a href="#${anchor}">${escapeHtml(text)}</a></li>`,
  );
  return `<nav class="contents" aria-label="On this page"><p>On this page</p><ul>${items.join('')}</ul></nav>`;
}
