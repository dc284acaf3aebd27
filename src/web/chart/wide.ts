// Whether summary and note fit beside each other.

import { useSyncExternalStore } from 'react';

const wide = matchMedia('(min-width: 68rem)');

export function useWide(): boolean {
  return useSyncExternalStore(
    (changed) => {
      wide.addEventListener('change', changed);
      return () => wide.removeEventListener('change', changed);
    },
    () => wide.matches,
  );
}
