// Passwords: hashed with argon2id, kept as PHC strings so that the parameters can change, compared in constant time.
// https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html

import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { Refusal } from '#kit/errors.ts';
import { COMMON_PASSWORDS } from './common-passwords.ts';

interface Parameters {
  /** KiB. */
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

const USUAL: Parameters = { memory: 19_456, passes: 2, parallelism: 1 };
const SHORTEST = 12;
const PHC = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

const derive = promisify(argon2);

export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16);
  return phcOf(USUAL, nonce, await keyOf(password, USUAL, nonce, 32));
}

/** Whether `password` is the one that was hashed. Takes as long for one that belongs to nobody (`null`), and is false. */
export async function isPassword(password: string, phc: string | null): Promise<boolean> {
  const { parameters, nonce, key } = readPhc(phc ?? NOBODYS);
  const given = await keyOf(password, parameters, nonce, key.length);
  return timingSafeEqual(given, key) && phc !== null;
}

/** Whether the parameters are no longer those that a new hash would have. */
export function isOutdated(phc: string): boolean {
  const { memory, passes, parallelism } = readPhc(phc).parameters;
  return memory !== USUAL.memory || passes !== USUAL.passes || parallelism !== USUAL.parallelism;
}

/** Refuses a new password that others would guess. Says why, never what it was. */
export function requireGoodPassword(password: string, login: string): void {
  const reason = weakness(canonical(password).toLowerCase(), login);
  if (reason) throw new Refusal('password.weak', { reason });
}

function weakness(password: string, login: string): string | undefined {
  if ([...password].length < SHORTEST) return `it has fewer than ${SHORTEST} characters`;
  if (COMMON_PASSWORDS.has(password)) return 'it is among those that are tried first';
  if (new Set(password).size < 5) return 'it has fewer than five different characters';
  const beside = password.replaceAll(login, '').replaceAll(login.split('@')[0]!, '');
  if (beside.length < 8) return 'there is little in it besides the login';
  return undefined;
}

/** The same characters typed on another keyboard may come as other code points. */
function canonical(password: string): string {
  return password.normalize('NFKC');
}

function keyOf(password: string, parameters: Parameters, nonce: Buffer, tagLength: number): Promise<Buffer> {
  return derive('argon2id', { message: canonical(password), nonce, tagLength, ...parameters });
}

function phcOf({ memory, passes, parallelism }: Parameters, nonce: Buffer, key: Buffer): string {
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(nonce)}$${unpadded(key)}`;
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}

function readPhc(phc: string): { parameters: Parameters; nonce: Buffer; key: Buffer } {
  const match = PHC.exec(phc);
  if (!match) throw new Error('a stored password is not an argon2id PHC string');
  const [memory, passes, parallelism] = match.slice(1, 4).map(Number) as [number, number, number];
  return {
    parameters: { memory, passes, parallelism },
    nonce: Buffer.from(match[4]!, 'base64'),
    key: Buffer.from(match[5]!, 'base64'),
  };
}

/** What a password is compared with where there is none: costs the same, fits nothing. */
const NOBODYS = phcOf(USUAL, randomBytes(16), randomBytes(32));
