// Parts of the page whose code is a file of its own, read when the part is shown or before. React's own `lazy` shows what
// stands in for a part even where its code was read long ago, and then holds the part back for a third of a second.

import { type ComponentType, type ReactNode, useEffect, useState } from 'react';
import { Skeleton } from './states.tsx';

export interface Apart<P> {
  (props: P): ReactNode;
  /** Reads its code, if that was not done yet. */
  read(): Promise<void>;
}

/** Those that nobody was shown and nobody read ahead. */
const unread = new Set<Apart<never>>();

/** @param meanwhile stands where the part will be, as long as its code is not there */
export function apart<P extends object>(
  load: () => Promise<{ readonly default: ComponentType<P> }>,
  meanwhile: ReactNode = <Skeleton lines={8} />,
): Apart<P> {
  let loaded: ComponentType<P> | undefined;
  const read = async (): Promise<void> => {
    unread.delete(part);
    loaded ??= (await load()).default;
  };
  function Part(props: P) {
    const [Shown, show] = useState(() => loaded);
    useEffect(() => {
      if (Shown) return;
      read().then(
        () => show(() => loaded),
        // Thrown where the page is drawn: the boundary around it says so.
        (error: unknown) =>
          show(() => {
            throw error;
          }),
      );
    }, [Shown]);
    return Shown ? <Shown {...props} /> : meanwhile;
  }
  const part: Apart<P> = Object.assign(Part, { read });
  unread.add(part);
  return part;
}

// Not every browser says when it rests.
const whenResting = window.requestIdleCallback ?? ((run: () => void) => window.setTimeout(run, 100));

/** Reads the code of all parts, one after the other, whenever there is nothing else to do. */
export function readAhead(): void {
  whenResting(() => {
    const [next] = unread;
    // What cannot be read now is read again when it is shown.
    next?.read().then(readAhead, readAhead);
  });
}
