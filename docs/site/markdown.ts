// Markdown to HTML as the site shows it: headings with anchors, highlighted code, links between pages, and what each section
// says, for the search and for the table of contents.

import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import MarkdownIt, { type Token } from 'markdown-it';
import { slug } from '../pages/markdown.ts';
import { highlighted } from './highlight.ts';
import { addressOf, ROOT } from './navigation.ts';

export interface Heading {
  readonly level: number;
  readonly text: string;
  readonly anchor: string;
}

/** The text below one heading, up to the next. */
export interface Passage {
  readonly heading: Heading;
  readonly text: string;
}

/** A link to a file of the repository. */
export interface Link {
  readonly from: string;
  readonly href: string;
  /** The file it leads to, below the repository's root. */
  readonly file: string;
  readonly anchor: string | undefined;
}

export interface Rendered {
  readonly source: string;
  readonly title: string;
  readonly html: string;
  readonly headings: readonly Heading[];
  readonly passages: readonly Passage[];
  readonly links: readonly Link[];
  /** Pictures that it shows, below the repository's root. */
  readonly images: readonly string[];
}

const EXTERNAL = /^(?:[a-z]+:|\/\/)/i;
const COMMENT = /<!--[\s\S]*?-->\s*/g;

/** `isPage` says whether a file of the repository is a page of the site: a link to any other shows as text. */
export function render(source: string, text: string, isPage: (source: string) => boolean): Rendered {
  const md = new MarkdownIt({ html: true });
  const links: Link[] = [];
  const images: string[] = [];
  md.renderer.rules.fence = (tokens, index) => fence(tokens[index]!);
  md.renderer.rules.table_open = () => '<div class="table" role="region" aria-label="Table" tabindex="0"><table>\n';
  md.renderer.rules.table_close = () => '</table></div>\n';

  const tokens = md.parse(text.replaceAll(COMMENT, ''), {});
  const headings = anchored(tokens);
  for (const { children } of tokens) {
    for (const child of children ?? []) if (child.type === 'image') images.push(picture(child, source));
    if (children) relink(children, source, links, isPage);
  }
  return {
    source,
    title: headings[0]?.text ?? source,
    html: md.renderer.render(tokens, md.options, {}),
    headings,
    passages: passagesOf(tokens, headings),
    links,
    images,
  };
}

/** Gives each heading its anchor, as GitHub would, and a link to itself. */
function anchored(tokens: readonly Token[]): Heading[] {
  const seen = new Map<string, number>();
  return tokens.flatMap((token, index) => {
    if (token.type !== 'heading_open') return [];
    const inline = tokens[index + 1]!;
    const text = plain(inline);
    const base = slug(text);
    const count = seen.get(base) ?? 0;
    seen.set(base, count + 1);
    const anchor = count === 0 ? base : `${base}-${count}`;
    const level = Number(token.tag.slice(1));
    token.attrSet('id', anchor);
    if (level > 1) {
      inline.children?.push(
        html(
          inline,
          ` <a class="anchor" href="#${anchor}" aria-label="Link to this section: ${escapeHtml(text)}">#</a>`,
        ),
      );
    }
    return [{ level, text, anchor }];
  });
}

function html(like: Token, content: string): Token {
  const token = new (like.constructor as new (type: string, tag: string, nesting: number) => Token)(
    'html_inline',
    '',
    0,
  );
  token.content = content;
  return token;
}

/** Makes each link to a file one to its page; one to a file that is no page becomes its text. */
function relink(children: Token[], source: string, links: Link[], isPage: (source: string) => boolean): void {
  let dropping = false;
  for (const [index, token] of children.entries()) {
    if (token.type === 'link_close' && dropping) {
      children[index] = html(token, '</span>');
      dropping = false;
    }
    if (token.type !== 'link_open') continue;
    const href = String(token.attrGet('href'));
    if (EXTERNAL.test(href)) continue;
    const [path, anchor] = href.split('#') as [string, string?];
    const file = path === '' ? source : posix.join(posix.dirname(source), path).replace(/\/$/, '');
    links.push({ from: source, href, file, anchor });
    const target = [file, `${file}/README.md`, `${file}/events.md`].find(isPage);
    if (target === undefined) {
      children[index] = html(token, `<span class="file" title="${escapeHtml(file)}">`);
      dropping = true;
    } else {
      const address =
        posix.relative(posix.dirname(addressOf(source)), addressOf(target)) || posix.basename(addressOf(target));
      token.attrSet('href', `${path === '' ? '' : address}${anchor === undefined ? '' : `#${anchor}`}`);
    }
  }
}

function picture(image: Token, source: string): string {
  const file = posix.join(posix.dirname(source), String(image.attrGet('src')));
  image.attrSet('src', posix.relative(posix.dirname(addressOf(source)), file.replace(/^docs\//, '')));
  image.attrSet('loading', 'lazy');
  return file;
}

function fence({ info, content }: Token): string {
  const [name = '', ...rest] = info.trim().split(/\s+/);
  const title = /title="([^"]*)"/.exec(rest.join(' '))?.[1];
  const code = highlighted(content, name) ?? escapeHtml(content);
  const caption = title === undefined ? '' : `<figcaption>${escapeHtml(title)}</figcaption>`;
  return `<figure class="code">${caption}<pre tabindex="0"><code>${code}</code></pre></figure>\n`;
}

/** The text of an inline token, without marks. */
function plain({ children, content }: Token): string {
  if (!children) return content;
  return children
    .map(({ type, content: text }) =>
      type === 'softbreak' || type === 'hardbreak' ? ' ' : type === 'html_inline' ? '' : text,
    )
    .join('');
}

/** Code is searched for too, except examples in JSON. */
function passagesOf(tokens: readonly Token[], headings: readonly Heading[]): Passage[] {
  const texts = headings.map((): string[] => []);
  let current = -1;
  for (const [index, token] of tokens.entries()) {
    if (token.type === 'heading_open') current++;
    if (current < 0 || tokens[index - 1]?.type === 'heading_open') continue;
    if (token.type === 'inline') texts[current]!.push(plain(token));
    if (token.type === 'fence' && !token.info.startsWith('json')) texts[current]!.push(token.content);
  }
  return headings.map((heading, index) => ({ heading, text: texts[index]!.join(' ').replaceAll(/\s+/g, ' ').trim() }));
}

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** What is wrong with the links: a file that is not there, or an anchor that its page lacks. One line each. */
export function deadLinks(pages: readonly Rendered[]): string[] {
  const anchors = new Map(pages.map(({ source, headings }) => [source, new Set(headings.map(({ anchor }) => anchor))]));
  const links = pages.flatMap((page) => page.links);
  const images = pages.flatMap(({ source, images }) => images.map((file) => ({ source, file })));
  return [
    ...links.flatMap(({ from, href, file, anchor }) => {
      if (!existsSync(join(ROOT, file))) return [`${from}: ${href} leads to no file`];
      if (anchor === undefined || anchors.get(file)?.has(anchor)) return [];
      return [`${from}: ${href} leads to no heading`];
    }),
    ...images
      .filter(({ file }) => !existsSync(join(ROOT, file)))
      .map(({ source, file }) => `${source}: ${file} is no file`),
  ];
}
