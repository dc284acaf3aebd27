// Tells a database that can't be had just now, and a value that it can't hold, from everything else that can go wrong with a
// statement.

/** Of a socket: nothing answers, or no more. */
const SOCKET = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'ENOTFOUND', 'EAI_AGAIN', 'EPIPE', 'ETIMEDOUT']);
/**
 * SQLSTATE: the connection failed (08), something ran out, such as the disk (53), the server is ended or starts (57P), only
 * reads are let in (25006), a statement took too long (57014) or waited too long for a lock (55P03), and two waited for each
 * other (40P01).
 */
const SQLSTATE = /^(08|53|57P|25006|57014|55P03|40P01)/;
/** What the client itself says of a connection that has ended. */
const CLIENT = /^Connection terminated|is not queryable$|^timeout exceeded when trying to connect$/;

/** Whether trying again later may go well. A write that failed so may have been carried out all the same. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, syscall, severity } = error as Error & { code?: unknown; syscall?: unknown; severity?: unknown };
  if (typeof code !== 'string') return CLIENT.test(error.message);
  if (severity !== undefined) return severity === 'FATAL' || severity === 'PANIC' || SQLSTATE.test(code);
  return SOCKET.has(code) && ['connect', 'read', 'write', 'getaddrinfo'].includes(String(syscall));
}

/** SQLSTATE: a number, time or text that no column of its type holds (22), or that is too large for an index (54000). */
const UNSTORABLE = /^(22003|22007|22008|22009|22021|22P0[2356]|54000)$/;

/** Whether a statement failed for one of its values. Values are checked before they get so far: this is for what was missed. */
export function isUnstorable(error: unknown): boolean {
  return error instanceof Error && 'severity' in error && 'code' in error && UNSTORABLE.test(String(error.code));
}
