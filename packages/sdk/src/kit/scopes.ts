// SMART on FHIR v2 scopes: permissions of users, API clients, and plugins.
// https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html `patient/Observation.rs`: context / resource type or `*` .
// letters of `cruds` in that order. `OWN_SCOPES` adds Chartwire's own scopes for anything that isn't a record.

/** create, read, update, delete, search. */
export type Permission = 'c' | 'r' | 'u' | 'd' | 's';

export interface Scope {
  readonly context: 'patient' | 'user' | 'system';
  /** A resource type, or `*`. */
  readonly type: string;
  readonly permissions: ReadonlySet<Permission>;
}

interface OwnScopeRow {
  /** What it allows, as shown to people. */
  readonly text: string;
  /** A description for the catalogue. */
  readonly summary: string;
  /** Whether administrators have it, too. */
  readonly withAdmin: boolean;
}

/** For people and clients only; plugins never get one. */
export const OWN_SCOPES = {
  'system/chartwire.admin': {
    text: 'Administer Chartwire',
    summary: 'Plugins, users, tokens, deliveries, the audit trail, the practice’s settings, emitting events by hand.',
    withAdmin: true,
  },
  'system/chartwire.unlock': {
    text: 'Unlock notes that others signed',
    summary: 'For whoever may change notes: to unlock those that others wrote and signed, too.',
    withAdmin: true,
  },
} as const satisfies Readonly<Record<`system/chartwire.${string}`, OwnScopeRow>>;
export type OwnScope = keyof typeof OWN_SCOPES;

export const ADMIN_SCOPE = 'system/chartwire.admin' satisfies OwnScope;
export const UNLOCK_SCOPE = 'system/chartwire.unlock' satisfies OwnScope;

const SCOPE = /^(patient|user|system)\/(\*|[A-Z][A-Za-z]+)\.(c?r?u?d?s?)$/;
const SCOPE_V1 = /^(patient|user|system)\/(\*|[A-Z][A-Za-z]+)\.(read|write|\*)$/;

/** Parses a scope. A SMART v1 scope (`.read`, `.write`, `.*`) is read as its v2 equivalent. Undefined if it isn't a scope. */
export function parseScope(text: string): Scope | undefined {
  const v2 = SCOPE.exec(text);
  const v1 = v2 ? null : SCOPE_V1.exec(text);
  const match = v2 ?? v1;
  if (!match || match[3] === '') return undefined;
  const letters = v1 ? { read: 'rs', write: 'cud', '*': 'cruds' }[match[3] as 'read' | 'write' | '*'] : match[3]!;
  return {
    context: match[1] as Scope['context'],
    type: match[2]!,
    permissions: new Set(letters) as Set<Permission>,
  };
}

export function isOwnScope(text: string): text is OwnScope {
  return Object.hasOwn(OWN_SCOPES, text);
}

/** A set of scopes, parsed once and queried often. */
export class ScopeSet {
  readonly texts: readonly string[];
  readonly admin: boolean;
  /** Maps `Observation r` or `* r` to its reach: every patient, or only the patient in context. */
  readonly #reach = new Map<string, 'any' | 'patient'>();

  constructor(texts: readonly string[]) {
    this.texts = texts;
    this.admin = texts.includes(ADMIN_SCOPE);
    for (const text of texts) {
      const scope = parseScope(text);
      if (!scope) continue;
      for (const letter of scope.permissions) {
        const key = `${scope.type} ${letter}`;
        if (scope.context !== 'patient') this.#reach.set(key, 'any');
        else if (!this.#reach.has(key)) this.#reach.set(key, 'patient');
      }
    }
  }

  /** Whether one of Chartwire's own scopes is held, directly or through administration. */
  holds(scope: OwnScope): boolean {
    return this.texts.includes(scope) || (this.admin && OWN_SCOPES[scope].withAdmin);
  }

  /** Whether `permission` on records of `type` is held, in any context. */
  allows(type: string, permission: Permission): boolean {
    return this.reach(type, permission) !== 'none';
  }

  /**
   * The reach of `permission` on records of `type`: every chart (`system/`, `user/`), only the chart of the patient in context
   * (`patient/`: the token's patient, or that of the event a plugin answers), or none.
   */
  reach(type: string, permission: Permission): 'any' | 'patient' | 'none' {
    const held = [this.#reach.get(`${type} ${permission}`), this.#reach.get(`* ${permission}`)];
    if (held.includes('any')) return 'any';
    return held.includes('patient') ? 'patient' : 'none';
  }

  /** Whether a scope names this type explicitly; `*` doesn't count. */
  names(type: string, permission: Permission): boolean {
    return this.#reach.has(`${type} ${permission}`);
  }

  /** Whether everything that a scope allows is held, for every patient. False for text that isn't a scope. */
  covers(text: string): boolean {
    if (isOwnScope(text)) return this.holds(text);
    const scope = parseScope(text);
    return scope !== undefined && [...scope.permissions].every((letter) => this.reach(scope.type, letter) === 'any');
  }

  /** The texts that aren't scopes. */
  static faults(texts: readonly string[]): string[] {
    return texts.filter((text) => !isOwnScope(text) && !parseScope(text));
  }
}
