// Whether summary and note fit beside each other.

import { useSyncExternalStore } from 'react';

const wide = matchMedia('(min-width: 68rem)');
const paper = matchMedia('print');

let fits = wide.matches;

export function useWide(): boolean {
  return useSyncExternalStore(
    (changed) => {
      wide.addEventListener('change', changed);
      return () => wide.removeEventListener('change', changed);
    },
    () => {
      // A page is narrower than the screen, but what is printed is what is there: anything else would have to load first.
      if (!paper.matches) fits = wide.matches;
      return fits;
    },
  );
}
