// HTTP statuses as bundles write them.

import { STATUS_CODES } from 'node:http';

/** `201 Created`. */
export function statusLine(status: number): string {
  return `${status} ${STATUS_CODES[status] ?? ''}`.trim();
}
