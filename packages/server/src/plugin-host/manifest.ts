// chartwire.json: a plugin's name, its entry, and everything it requests.

import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { type Fault, Refusal } from '@chartwire/sdk/internal/kit/errors';
import { isOwnScope, parseScope, ScopeSet } from '@chartwire/sdk/internal/kit/scopes';
import { isScoped } from '@chartwire/sdk/internal/records/resource-types';
import { covers } from './hosts.ts';

/** `api.example.org`, `*.example.org`, `localhost:9000`. */
const ONE_HOST = '[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*(:[0-9]{1,5})?$';
const HOST = `^(\\*\\.)?${ONE_HOST}`;

/** Header names by RFC 9110 section 5.1. */
const PLACE = "^(body|(header|signature):[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}|query:[^\\s=&]{1,100})$";

const SendToSchema = Type.Object(
  {
    host: Type.String({ pattern: `^${ONE_HOST}`, description: 'one host, such as api.example.org' }),
    in: Type.Array(
      Type.String({
        pattern: PLACE,
        description: 'header:NAME, query:NAME, body, or signature:NAME for a header that is signed with it',
      }),
      { minItems: 1, maxItems: 20 },
    ),
  },
  { additionalProperties: false },
);

const VariableSchema = Type.Object(
  {
    name: Type.String({
      pattern: '^[A-Z][A-Z0-9_]{0,63}$',
      description: 'upper case letters, digits and _, beginning with a letter',
    }),
    sensitive: Type.Optional(
      Type.Boolean({ description: 'The plugin holds a reference; the host puts the value into HTTP requests.' }),
    ),
    sendTo: Type.Optional(
      Type.Array(SendToSchema, { maxItems: 20, description: 'Where a sensitive one may go: nowhere else.' }),
    ),
    default: Type.Optional(Type.String({ maxLength: 10_000 })),
    description: Type.Optional(Type.String({ maxLength: 500 })),
  },
  { additionalProperties: false },
);

/** A plugin may lower its limits, to find its own mistakes sooner, but not raise them. */
const LimitsSchema = Type.Object(
  {
    memoryMB: Type.Optional(Type.Integer({ minimum: 8, maximum: 1024 })),
    deadlineMs: Type.Optional(Type.Integer({ minimum: 10, maximum: 60_000 })),
    stepMs: Type.Optional(Type.Integer({ minimum: 10, maximum: 10_000 })),
    hostCalls: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000 })),
    effectBytes: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000_000 })),
  },
  { additionalProperties: false },
);

const ManifestSchema = Type.Object(
  {
    $schema: Type.Optional(Type.String()),
    name: Type.String({
      pattern: '^[a-z][a-z0-9-]{0,62}$',
      description: 'lower case letters, digits and -, beginning with a letter',
    }),
    version: Type.String({
      pattern: '^[0-9]+\\.[0-9]+\\.[0-9]+([-+][0-9A-Za-z.+-]+)?$',
      maxLength: 64,
      description: 'a semantic version, such as 1.0.0',
    }),
    description: Type.String({ maxLength: 1_000 }),
    entry: Type.String({
      pattern: '^(?!/)(?!.*(^|/)\\.\\.(/|$))[^\\\\]+\\.(ts|js|mts|mjs)$',
      maxLength: 200,
      description: 'a TypeScript or JavaScript file inside the folder, such as src/index.ts',
    }),
    scopes: Type.Optional(Type.Array(Type.String({ maxLength: 100 }), { maxItems: 200 })),
    network: Type.Optional(
      Type.Array(
        Type.String({
          pattern: HOST,
          description: 'a host such as api.example.org or *.example.org, with :port if any',
        }),
        { maxItems: 100 },
      ),
    ),
    variables: Type.Optional(Type.Array(VariableSchema, { maxItems: 100 })),
    priority: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000, description: 'Lower goes first.' })),
    gates: Type.Optional(
      Type.Object(
        { policy: Type.Optional(Type.Union([Type.Literal('allow'), Type.Literal('block')])) },
        { additionalProperties: false },
      ),
    ),
    delivery: Type.Optional(
      Type.Object(
        {
          retries: Type.Optional(
            Type.Integer({ minimum: 0, maximum: 20, description: 'How often a failed event is tried again.' }),
          ),
          policy: Type.Optional(Type.Union([Type.Literal('park'), Type.Literal('block')])),
        },
        { additionalProperties: false },
      ),
    ),
    limits: Type.Optional(LimitsSchema),
  },
  { additionalProperties: false },
);

type Written = Static<typeof ManifestSchema>;
export type ManifestVariable = Static<typeof VariableSchema>;
export type ManifestLimits = Readonly<Static<typeof LimitsSchema>>;

/** A manifest with defaults filled in. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  /** Path of the entry within the plugin's folder. */
  readonly entry: string;
  readonly scopes: readonly string[];
  readonly network: readonly string[];
  readonly variables: readonly Readonly<ManifestVariable>[];
  /** Lower runs first. Defaults to 100. */
  readonly priority: number;
  /** What a gate does if the handler can't answer. Defaults to `allow`. */
  readonly gates: { readonly policy: 'allow' | 'block' };
  /**
   * How often a failed event is retried (defaults to the server's setting, 5), and what happens to its chart's later events once
   * it is a dead letter: with `park`, the default, they proceed; with `block` they wait for it.
   */
  readonly delivery?: { readonly retries?: number; readonly policy?: 'park' | 'block' };
  readonly limits: ManifestLimits;
}

const validator = Compile(ManifestSchema);

/**
 * Parses a manifest.
 *
 * @throws {Refusal} `plugin.manifest` whose faults name the mistakes (at most eight of structure)
 */
export function parseManifest(json: unknown): Manifest {
  const faults = structureFaults(json);
  if (faults.length === 0) faults.push(...meaningFaults(json as Written));
  if (faults.length > 0) {
    const reason = faults.map((fault) => `${fault.path || '/'} ${fault.message}`).join('; ');
    throw new Refusal('plugin.manifest', { reason }, faults);
  }
  return completed(json as Written);
}

/** Fills in defaults. Accepts manifests of earlier versions, even with values that are refused now. */
export function completed(written: Written | Manifest): Manifest {
  return {
    name: written.name,
    version: written.version,
    description: written.description,
    entry: written.entry.replace(/^\.\//, ''),
    scopes: written.scopes ?? [],
    network: written.network ?? [],
    variables: written.variables ?? [],
    priority: written.priority ?? 100,
    gates: { policy: written.gates?.policy ?? 'allow' },
    ...(written.delivery && { delivery: written.delivery }),
    limits: written.limits ?? {},
  };
}

function structureFaults(json: unknown): Fault[] {
  if (validator.Check(json)) return [];
  const faults = new Map<string, string>();
  for (const error of validator.Errors(json)) {
    const path = error.instancePath;
    const params = error.params as { requiredProperties?: string[]; additionalProperties?: string[] };
    if (error.keyword === 'required') {
      for (const name of params.requiredProperties ?? []) faults.set(`${path}/${name}`, 'is missing');
    } else if (error.keyword === 'additionalProperties') {
      for (const name of params.additionalProperties ?? []) faults.set(`${path}/${name}`, 'is not a known key');
    } else if (error.keyword === 'const' || error.keyword === 'boolean') {
      // The `anyOf` or `additionalProperties` around it has a better message.
    } else if (error.keyword === 'anyOf') {
      faults.set(path, path === '/delivery/policy' ? 'must be "park" or "block"' : 'must be "allow" or "block"');
    } else if (!faults.has(path)) {
      faults.set(path, describe(path, error.keyword) ?? error.message);
    }
  }
  return [...faults].map(([path, message]) => ({ path, message }));
}

/** The schema's description of a value that fails its pattern, since a regular expression doesn't help the reader. */
function describe(path: string, keyword: string): string | undefined {
  if (keyword !== 'pattern') return undefined;
  const keys = path
    .split('/')
    .slice(1)
    .map((key) => (/^[0-9]+$/.test(key) ? 'items' : key));
  let schema: unknown = ManifestSchema;
  for (const key of keys) {
    const here = schema as { properties?: Record<string, unknown>; items?: unknown };
    schema = key === 'items' ? here.items : here.properties?.[key];
    if (schema === undefined) return undefined;
  }
  const { description } = schema as { description?: string };
  return description === undefined ? undefined : `must be ${description}`;
}

function meaningFaults(written: Written): Fault[] {
  const faults: Fault[] = [];
  const notScopes = new Set(ScopeSet.faults(written.scopes ?? []));
  for (const [index, scope] of (written.scopes ?? []).entries()) {
    const path = `/scopes/${index}`;
    if (notScopes.has(scope)) {
      faults.push({ path, message: `${JSON.stringify(scope)} is not a SMART v2 scope such as patient/Observation.rs` });
    } else if (isOwnScope(scope)) {
      faults.push({ path, message: `${scope} is for people and clients, not for plugins` });
    } else if (!isScoped(parseScope(scope)!.type)) {
      faults.push({ path, message: `${JSON.stringify(scope)} names no FHIR R4 type, nor Note or Command` });
    }
  }
  const names = new Set<string>();
  for (const [index, variable] of (written.variables ?? []).entries()) {
    const path = `/variables/${index}`;
    if (names.has(variable.name)) faults.push({ path: `${path}/name`, message: `${variable.name} is declared twice` });
    names.add(variable.name);
    if (variable.sensitive && variable.default !== undefined) {
      faults.push({ path: `${path}/default`, message: 'a sensitive variable may not have a default' });
    }
    faults.push(...sendToFaults(variable, written.network ?? [], path));
  }
  return faults;
}

function sendToFaults(
  { name, sensitive, sendTo = [] }: ManifestVariable,
  network: readonly string[],
  path: string,
): Fault[] {
  if (!sensitive && sendTo.length > 0) {
    return [{ path: `${path}/sendTo`, message: `is for sensitive variables: add "sensitive": true to ${name}` }];
  }
  return sendTo.flatMap(({ host }, index) => {
    if (covers(network, host)) return [];
    return [{ path: `${path}/sendTo/${index}/host`, message: `${host} must be listed under network too` }];
  });
}
