// Passwords: hashed with argon2id, stored as PHC strings so that the parameters can change, compared in constant time.
// https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html

import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { loginOf } from './login.ts';
import { strengthOf } from './strength.ts';

interface Parameters {
  /** KiB. */
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

const USUAL: Parameters = { memory: 19_456, passes: 2, parallelism: 1 };
const SHORTEST = 12;
/** Guesses that a password must withstand, as a power of ten: the best of zxcvbn's five classes. */
const GUESSES = 10;
/** Words that an attacker tries first at any practice. */
const PLACE_WORDS = ['chartwire', 'clinic', 'practice', 'hospital', 'medical', 'doctor', 'nurse', 'patient', 'health'];
const PHC = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

const derive = promisify(argon2);

export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16);
  return phcOf(USUAL, nonce, await keyOf(password, USUAL, nonce, 32));
}

/** Whether `password` matches the hash. False for no hash (`null`), in the same time. */
export async function isPassword(password: string, phc: string | null): Promise<boolean> {
  const { parameters, nonce, key } = readPhc(phc ?? NOBODYS);
  const given = await keyOf(password, parameters, nonce, key.length);
  return timingSafeEqual(given, key) && phc !== null;
}

/** Whether the hash has outdated parameters. */
export function isOutdated(phc: string): boolean {
  const { memory, passes, parallelism } = readPhc(phc).parameters;
  return memory !== USUAL.memory || passes !== USUAL.passes || parallelism !== USUAL.parallelism;
}

/** The owner of a password, for what an attacker would try first. */
export interface PasswordOwner {
  readonly login: string;
  readonly name: string;
  /** Names of the practice, and its server's host name. */
  readonly practice: readonly string[];
}

/** Refuses a guessable password. Says why and what to do, without quoting it. */
export async function requireGoodPassword(password: string, owner: PasswordOwner): Promise<void> {
  const text = canonical(password);
  if ([...text].length < SHORTEST) throw weak(`it has fewer than ${SHORTEST} characters`);
  const { guesses, warning, suggestions } = await strengthOf(text, knownWords(owner));
  if (guesses >= GUESSES) return;
  // The estimator's sentence without its period, to embed in ours.
  const reason = (warning ?? suggestions[0] ?? 'It is too easy to guess.').replace(/\.$/, '');
  throw weak(reason.charAt(0).toLowerCase() + reason.slice(1));
}

function weak(reason: string): Refusal {
  return new Refusal('password.weak', { reason });
}

/** Whole names, their words, and runs of words: `helen.park@clinic.example` gives `helen`, `park`, `helenpark` ... */
function knownWords({ login, name, practice }: PasswordOwner): string[] {
  const texts = [login, login.split('@')[0]!, name, ...practice].map((text) => text.slice(0, 200));
  const found = texts.flatMap((text) => {
    const words = text.split(/[^\p{L}\p{N}]+/u).filter((word) => word.length > 2);
    return [text, words.join(''), ...words];
  });
  return [...new Set([...found, ...PLACE_WORDS].map(loginOf))].slice(0, 200);
}

/** Normalizes code points, which differ between keyboards. */
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

/** A hash to compare with if there is none: same cost, no match. */
const NOBODYS = phcOf(USUAL, randomBytes(16), randomBytes(32));
