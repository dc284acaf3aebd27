// The search field: loads the index when it is first used, and lists the sections that have every word.

import MiniSearch, { type SearchResult } from 'minisearch';
import { INDEX_OPTIONS, type SearchEntry } from './search-entry.ts';

const SHOWN = 12;

type Hit = SearchResult & SearchEntry;

declare global {
  // The index calls it, with itself as JSON.
  var chartwireSearch: (index: string) => void;
  interface Window {
    trustedTypes?: {
      createPolicy(
        name: string,
        rules: { createScriptURL(url: string): string },
      ): { createScriptURL(url: string): string };
    };
  }
}

let loading: Promise<MiniSearch> | undefined;

/** A script, and not JSON by `fetch`: it loads from a folder too, where there is no server. */
function loadIndex(base: string): Promise<MiniSearch> {
  loading ??= new Promise((resolve, reject) => {
    globalThis.chartwireSearch = (index) => resolve(MiniSearch.loadJSON(index, INDEX_OPTIONS));
    const url = `${base}search-index.js`;
    const policy = window.trustedTypes?.createPolicy('chartwire-docs', { createScriptURL: (own) => own });
    const script = document.createElement('script');
    script.src = policy ? policy.createScriptURL(url) : url;
    script.onerror = () => reject(new Error('The index could not be loaded.'));
    document.head.append(script);
  });
  return loading;
}

export function offerSearch(): void {
  const field = document.querySelector<HTMLInputElement>('#search')!;
  const panel = document.querySelector<HTMLElement>('.results')!;
  const status = panel.querySelector('p')!;
  const list = panel.querySelector('ul')!;
  const base = field.dataset.base ?? '';

  const links = (): HTMLElement[] => [...list.querySelectorAll('a')];
  const close = (): void => {
    panel.hidden = true;
  };
  const search = async (): Promise<void> => {
    const query = field.value.trim();
    if (query === '') return close();
    try {
      const index = await loadIndex(base);
      if (query !== field.value.trim()) return;
      const hits = found(index, query);
      list.replaceChildren(...hits.slice(0, SHOWN).map((hit) => item(hit, base)));
      status.textContent = said(hits.length);
    } catch {
      status.textContent = 'The search could not be loaded. Reload the page to try again.';
    }
    panel.hidden = false;
  };

  field.addEventListener('focus', () => void loadIndex(base).catch(() => {}), { once: true });
  field.addEventListener('input', () => void search());
  field.addEventListener('focus', () => void search());
  document.addEventListener('click', ({ target }) => {
    if (!(target as Element).closest('.search')) close();
  });
  document.addEventListener('keydown', (event) => {
    const typing = /^(?:INPUT|TEXTAREA|SELECT)$/.test((event.target as Element).tagName);
    const wanted = (event.key === '/' && !typing) || (event.key === 'k' && (event.ctrlKey || event.metaKey));
    if (!wanted) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
  field.closest('.search')!.addEventListener('keydown', (raised) => {
    const event = raised as KeyboardEvent;
    const all = links();
    const at = all.indexOf(document.activeElement as HTMLElement);
    if (event.key === 'Escape') {
      close();
      field.focus();
    } else if (event.key === 'ArrowDown') {
      event.preventDefault();
      all[Math.min(at + 1, all.length - 1)]?.focus();
    } else if (event.key === 'ArrowUp') {
      event.preventDefault();
      if (at <= 0) field.focus();
      else all[at - 1]!.focus();
    } else if (event.key === 'Enter' && at < 0) {
      all[0]?.click();
    }
  });
}

/** Those that have every word, then those that have some of them. */
function found(index: MiniSearch, query: string): Hit[] {
  const whole = index.search(query, { combineWith: 'AND' }) as Hit[];
  if (whole.length >= SHOWN) return whole;
  const ids = new Set(whole.map(({ id }) => id));
  return [...whole, ...(index.search(query) as Hit[]).filter(({ id }) => !ids.has(id))];
}

function said(count: number): string {
  if (count === 0) return 'Nothing found. Try fewer words, or part of a name.';
  return count > SHOWN ? `${SHOWN} of ${count} results` : `${count} ${count === 1 ? 'result' : 'results'}`;
}

function item({ id, page, heading, section, excerpt }: Hit, base: string): HTMLElement {
  const row = document.createElement('li');
  const link = document.createElement('a');
  link.href = base + id;
  link.append(part('strong', heading || page), part('small', heading ? `${section} › ${page}` : section));
  if (excerpt) link.append(part('span', excerpt));
  row.append(link);
  return row;
}

function part(tag: string, text: string): HTMLElement {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}
