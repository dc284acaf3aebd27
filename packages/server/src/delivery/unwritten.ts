// Why what a handler asked for could not be written, in words without PHI; or that it isn't known.

import { FenceLost } from '#store/contract.ts';

const REASONS: Readonly<Record<string, string>> = {
  '57014': 'the database took too long over them',
  '54000': 'they are too large for the database',
  '54001': 'they are nested too deeply for the database',
  '53200': 'the database ran out of memory over them',
  '53400': 'they are larger than the database is set up for',
};

/**
 * Undefined where the connection was lost, so that nobody knows whether it was written, or where the lease is another
 * node's: that's no attempt.
 */
export function reasonNotWritten(error: unknown): string | undefined {
  if (error instanceof FenceLost || !(error instanceof Error)) return undefined;
  const { code, severity } = error as Error & { code?: unknown; severity?: unknown };
  if (severity !== undefined && typeof code === 'string') {
    // A server that ends, or that takes no writes, refuses everybody.
    const refusesAll = severity !== 'ERROR' || /^(08|57P|25006|53100|53300)/.test(code);
    return refusesAll ? undefined : (REASONS[code] ?? `the database refused them (SQLSTATE ${code})`);
  }
  return OURS.has(error.name) ? `Chartwire failed over them (${error.name})` : undefined;
}

/** What the language throws: about the data, never about a connection. */
const OURS = new Set(['RangeError', 'TypeError', 'SyntaxError', 'ReferenceError', 'DataCloneError']);
