// Requests that aren't HTTP, are too slow, or have too many headers: answered on the socket, in the format of the API they were
// meant for.

import type { Socket } from 'node:net';
import { FHIR_CONTENT } from '#fhir/error-reply.ts';
import { outcomeOf } from '#fhir/outcome.ts';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { RAW_HEADERS } from './headers.ts';
import { PROBLEM_TYPE, problemOf } from './problem.ts';

/** `rawPacket`: the input of Node's parser when it failed. */
type ClientError = Error & { readonly code?: string; readonly rawPacket?: unknown };

export function answerNoRequest(error: ClientError, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return;
  const refusal = new Refusal('request.malformed', { reason: reasonOf(error.code) });
  const read = Buffer.isBuffer(error.rawPacket) ? error.rawPacket.toString('latin1', 0, 40) : '';
  const meant = /^[A-Z]+ \/fhir(?:[/? ]|$)/.test(read);
  const body = JSON.stringify(meant ? outcomeOf(refusal) : problemOf(refusal));
  const head = [
    'HTTP/1.1 400 Bad Request',
    `Content-Type: ${meant ? FHIR_CONTENT : PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...RAW_HEADERS,
  ];
  socket.end(`${head.join('\r\n')}\r\nConnection: close\r\n\r\n${body}`);
}

function reasonOf(code: string | undefined): string {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return 'it did not arrive in time';
    case 'HPE_HEADER_OVERFLOW':
      return 'its address and headers are larger than 16 KB; send a long search as POST [type]/_search';
    default:
      return 'it is not HTTP';
  }
}
