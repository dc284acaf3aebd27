// Turns the script's exports into handlers: each exported class with a static RESPONDS_TO or SCHEDULE.

export type Handler = new (context: object) => { compute?: () => unknown; execute?: () => unknown };

export interface Registered {
  readonly name: string;
  readonly respondsTo: string[];
  readonly schedule?: string;
  readonly timezone?: string;
  readonly catchUp?: 'skip' | 'latest' | 'all';
  readonly hearsOwn?: true;
}

/**
 * Lets the plugin's script call `__chartwire` once with its body. `loaded` receives the exports, and `failed` an error of either.
 */
export function giveLoad(loaded: (exported: object) => void, failed: (thrown: unknown) => void): void {
  const load = (body: (module: { exports: object }, exports: object) => void): void => {
    delete (globalThis as Record<string, unknown>).__chartwire;
    const module = { exports: {} };
    try {
      body(module, module.exports);
      loaded(module.exports);
    } catch (thrown) {
      failed(thrown);
    }
  };
  Object.defineProperty(globalThis, '__chartwire', { value: load, configurable: true });
}

/** Registers the handlers in `exported` and returns their descriptions; throws if one is invalid. */
export function register(exported: object, handlers: Map<string, Handler>): Registered[] {
  const registered: Registered[] = [];
  for (const name of Object.keys(exported)) {
    const value = (exported as Record<string, unknown>)[name];
    if (typeof value !== 'function') continue;
    const found = readHandler(name, value as unknown as Statics);
    if (!found) continue;
    handlers.set(name, value as unknown as Handler);
    registered.push(found);
  }
  return registered;
}

interface Statics {
  readonly RESPONDS_TO?: unknown;
  readonly SCHEDULE?: unknown;
  readonly TIMEZONE?: unknown;
  readonly CATCH_UP?: unknown;
  readonly HEARS_OWN?: unknown;
  readonly prototype?: { readonly compute?: unknown; readonly execute?: unknown };
}

function readHandler(name: string, statics: Statics): Registered | undefined {
  const {
    RESPONDS_TO: respondsTo,
    SCHEDULE: schedule,
    TIMEZONE: timezone,
    CATCH_UP: catchUp,
    HEARS_OWN: hearsOwn = false,
    prototype,
  } = statics;
  if (respondsTo === undefined && schedule === undefined) return undefined;
  const types: readonly unknown[] =
    respondsTo === undefined ? [] : Array.isArray(respondsTo) ? respondsTo : [respondsTo];
  if (!types.every((type) => typeof type === 'string')) {
    throw new TypeError(`RESPONDS_TO of ${name} holds something that is not an event type`);
  }
  if (schedule !== undefined && typeof schedule !== 'string') throw new TypeError(`SCHEDULE of ${name} is not text`);
  if (timezone !== undefined && typeof timezone !== 'string') throw new TypeError(`TIMEZONE of ${name} is not text`);
  if (catchUp !== undefined && catchUp !== 'skip' && catchUp !== 'latest' && catchUp !== 'all') {
    throw new TypeError(`CATCH_UP of ${name} is not 'skip', 'latest' or 'all'`);
  }
  if (typeof hearsOwn !== 'boolean') throw new TypeError(`HEARS_OWN of ${name} is neither true nor false`);
  if (typeof prototype?.compute !== 'function' && typeof prototype?.execute !== 'function') {
    throw new TypeError(`${name} has neither compute() nor execute()`);
  }
  // Otherwise a misspelled SCHEDULE would make a CronTask run every minute.
  if (typeof prototype.execute === 'function' && schedule === undefined) {
    throw new TypeError(`${name} has execute() and no SCHEDULE, such as static SCHEDULE = '0 3 * * *'`);
  }
  return { name, respondsTo: [...types], schedule, timezone, catchUp, ...(hearsOwn && { hearsOwn }) };
}
