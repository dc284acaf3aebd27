// Something is under way.

import { LoaderCircle } from 'lucide-react';

export function Spinner({ className = 'size-3.5' }: { readonly className?: string }) {
  return <LoaderCircle aria-hidden className={`${className} animate-spin`} strokeWidth={2.2} />;
}
