// Keys for what is on the screen. A shortcut is there while its component is, and the help sheet lists those that are.

import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';

export interface Shortcut {
  /** `g t` one after the other, `mod+k` together, `/`, `?`. */
  readonly keys: string;
  readonly label: string;
  /** Under which title the sheet lists it. */
  readonly group: string;
  /** Also while one writes in a field. */
  readonly whileTyping?: boolean;
}

interface Bound extends Shortcut {
  readonly run: () => void;
}

interface Shortcuts {
  bind(bound: Bound): () => void;
  readonly all: readonly Shortcut[];
}

const Bindings = createContext<Shortcuts | null>(null);

/** Milliseconds between the keys of a sequence. */
const SEQUENCE_MS = 900;

export function ShortcutKeys({ children }: { readonly children: ReactNode }) {
  const [all, setAll] = useState<readonly Bound[]>([]);
  // Keys count from the moment at which what binds them can be seen: the state, for the list of keys, follows.
  const bound = useRef<readonly Bound[]>([]);
  useEffect(() => {
    let before = '';
    let at = 0;
    const run = (event: KeyboardEvent, keys: string): boolean => {
      const typing = isTyping(event.target);
      const found = bound.current.findLast((one) => one.keys === keys && (one.whileTyping || !typing));
      if (!found) return false;
      event.preventDefault();
      found.run();
      return true;
    };
    // The second key of a sequence is nobody else’s, also where a row in focus has it for itself: hence before the page.
    const onSequence = (event: KeyboardEvent): void => {
      if (!before || event.isComposing || event.timeStamp - at >= SEQUENCE_MS) return;
      if (!run(event, `${before} ${keyOf(event)}`)) return;
      event.stopPropagation();
      before = '';
    };
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return;
      const key = keyOf(event);
      before = run(event, key) ? '' : key;
      at = event.timeStamp;
    };
    window.addEventListener('keydown', onSequence, true);
    window.addEventListener('keydown', onKeyDown);
    return () => {
      window.removeEventListener('keydown', onSequence, true);
      window.removeEventListener('keydown', onKeyDown);
    };
  }, []);
  const shortcuts = useMemo<Shortcuts>(() => {
    const hold = (now: readonly Bound[]): void => {
      bound.current = now;
      setAll(now);
    };
    return {
      all,
      bind: (one) => {
        hold([...bound.current, one]);
        return () => hold(bound.current.filter((other) => other !== one));
      },
    };
  }, [all]);
  return <Bindings value={shortcuts}>{children}</Bindings>;
}

/** Binds keys while the component is there. The last to come wins. */
export function useShortcut({ keys, label, group, whileTyping }: Shortcut, run: () => void, enabled = true): void {
  const bind = useContext(Bindings)!.bind;
  const latest = useRef(run);
  latest.current = run;
  const binder = useRef(bind);
  useLayoutEffect(() => {
    if (!enabled) return;
    return binder.current({ keys, label, group, ...(whileTyping && { whileTyping }), run: () => latest.current() });
  }, [keys, label, group, whileTyping, enabled]);
}

/** Those that are there now. */
export function useShortcutList(): readonly Shortcut[] {
  return useContext(Bindings)!.all;
}

function keyOf(event: KeyboardEvent): string {
  const key = event.key.toLowerCase();
  const named = key.length > 1;
  const parts = [
    (event.metaKey || event.ctrlKey) && 'mod',
    event.altKey && 'alt',
    // Of a sign such as ? the shift is part of the sign.
    event.shiftKey && (named || /[a-z0-9]/.test(key)) && 'shift',
    key === ' ' ? 'space' : key,
  ];
  return parts.filter(Boolean).join('+');
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button', 'submit'].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable;
}
