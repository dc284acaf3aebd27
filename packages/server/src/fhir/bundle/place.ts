// Refusals within a bundle, with their entry.

import { type Fault, Refusal } from '@chartwire/sdk/internal/kit/errors';

/** Runs `work` for one entry; its refusal says which entry it was. */
export async function atEntry<T>(index: number, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw placeRefusal(error, index);
  }
}

function placeRefusal(error: unknown, index: number): unknown {
  if (!(error instanceof Refusal) || isPlaced(error)) return error;
  const faults = error.faults.length > 0 ? error.faults : [{ path: '', message: error.message }];
  return new Refusal(
    error.code,
    error.values,
    faults.map((fault) => placeFault(fault, index)),
  );
}

export function isPlaced(refusal: Refusal): boolean {
  return refusal.faults.some(({ path }) => path.startsWith('Bundle.entry['));
}

/** `Observation.status` of entry 3 is `Bundle.entry[3].resource.status`. */
export function placeFault(fault: Fault, index: number): Fault {
  const entry = `Bundle.entry[${index}]`;
  const inResource = /^[A-Z][A-Za-z]*([.[].*)?$/.exec(fault.path);
  return { ...fault, path: inResource ? `${entry}.resource${inResource[1] ?? ''}` : entry };
}
