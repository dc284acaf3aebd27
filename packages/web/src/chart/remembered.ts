// Small choices about the page that stay in this browser: what is folded, which filter is set. Nothing of a patient.

import { useCallback, useState } from 'react';

export function useRemembered<T extends string | boolean>(name: string, initial: T): readonly [T, (value: T) => void] {
  const key = `chartwire.${name}`;
  const [value, setValue] = useState<T>(() => readValue(key, initial));
  const remember = useCallback(
    (next: T) => {
      localStorage.setItem(key, JSON.stringify(next));
      setValue(next);
    },
    [key],
  );
  return [value, remember];
}

function readValue<T>(key: string, initial: T): T {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? 'null');
    return typeof kept === typeof initial ? (kept as T) : initial;
  } catch {
    return initial;
  }
}
