// Distinguishes an unavailable database, and a value it can't store, from other errors of a statement.

/** Socket errors: no answer, or no longer. */
const SOCKET = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'ENOTFOUND', 'EAI_AGAIN', 'EPIPE', 'ETIMEDOUT']);
/**
 * SQLSTATE: the connection failed (08), a resource ran out, such as disk space (53), the server stops or starts (57P), it is
 * read-only (25006), a statement timed out (57014), a lock timed out (55P03), or a deadlock (40P01).
 */
const SQLSTATE = /^(08|53|57P|25006|57014|55P03|40P01)/;
/** The client's own messages about an ended connection. */
const CLIENT = /^Connection terminated|is not queryable$|^timeout exceeded when trying to connect$/;

/** Whether a later retry may succeed. A write that failed this way may still have been carried out. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, syscall, severity } = error as Error & { code?: unknown; syscall?: unknown; severity?: unknown };
  if (typeof code !== 'string') return CLIENT.test(error.message);
  if (severity !== undefined) return severity === 'FATAL' || severity === 'PANIC' || SQLSTATE.test(code);
  return SOCKET.has(code) && ['connect', 'read', 'write', 'getaddrinfo'].includes(String(syscall));
}

/** SQLSTATE: a number, time, or text that its column can't store (22), or that is too large for an index (54000). */
const UNSTORABLE = /^(22003|22007|22008|22009|22021|22P0[2356]|54000)$/;

/** Whether a statement failed because of a value. Values are checked earlier; this catches what was missed. */
export function isUnstorable(error: unknown): boolean {
  return error instanceof Error && 'severity' in error && 'code' in error && UNSTORABLE.test(String(error.code));
}
