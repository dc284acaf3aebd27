// Where something that a plugin or another system wrote may lead: a page of this server, or a web page in a tab of its own.

import type { ReactNode } from 'react';
import { Link } from 'wouter';

/** Nothing at all where it leads anywhere else, whatever it looks like: `/\\evil.example` and `javascript:` do. */
export function Elsewhere({
  href,
  className,
  children,
}: {
  readonly href: string;
  readonly className: string;
  readonly children: ReactNode;
}) {
  const url = URL.parse(href, window.location.origin);
  if (url === null) return null;
  if (href.startsWith('/') && url.origin === window.location.origin)
    return (
      <Link href={url.pathname + url.search + url.hash} className={className}>
        {children}
      </Link>
    );
  if (!/^https:\/\//i.test(href) || url.protocol !== 'https:') return null;
  return (
    <a href={url.href} target="_blank" rel="noopener noreferrer" className={className}>
      {children}
    </a>
  );
}
