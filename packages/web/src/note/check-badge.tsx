// Whose check it is that says something: that of a plugin, which is named, or one that comes with Chartwire.

import { Badge } from '../ui/badge.tsx';
import { pluginOf } from './command-doc.ts';

/** `allergy` of `chartwire/allergy`; undefined for a plugin's. */
export function ownCheckOf(check: string): string | undefined {
  return pluginOf(check) === 'chartwire' ? check.slice('chartwire/'.length) : undefined;
}

export function CheckBadge({ check, className }: { readonly check: string; readonly className?: string }) {
  const own = ownCheckOf(check);
  return own === undefined ? (
    <Badge tone="plugin" {...(className && { className })}>
      {pluginOf(check)}
    </Badge>
  ) : (
    <Badge {...(className && { className })} title="This check comes with Chartwire">
      {own.replaceAll('-', ' ')} check
    </Badge>
  );
}
