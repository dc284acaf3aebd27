// The world of a plugin: the language without shared memory, WebAssembly, garbage-collection hooks, or a clock and random numbers
// of its own, and with frozen intrinsics. Runs inside the isolate before the plugin.

/** What `Date` and `Math.random` read. Set before each step, so that a replay gives the same values. */
export interface Clock {
  now: number;
  /** State of the random numbers: 32 bits. */
  seed: number;
}

export const REMOVED = ['WebAssembly', 'SharedArrayBuffer', 'Atomics', 'WeakRef', 'FinalizationRegistry'] as const;

type Global = Record<string, unknown>;

/** Prepares the world; afterwards no intrinsic can change. */
export function harden(clock: Clock): void {
  const world = globalThis as unknown as Global;
  for (const name of REMOVED) delete world[name];
  giveDate(world, clock);
  giveBuffer(world);
  Math.random = () => {
    // mulberry32: small, and even enough for sampling and jitter; plugins need no secrets from it.
    clock.seed = (clock.seed + 0x6d2b79f5) | 0;
    let t = Math.imul(clock.seed ^ (clock.seed >>> 15), 1 | clock.seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  Error.stackTraceLimit = 20;
  allowOverrides();
  freezeIntrinsics(world);
}

function giveDate(world: Global, clock: Clock): void {
  const RealDate = Date;
  function ClockDate(...parts: unknown[]): unknown {
    if (!new.target) return new RealDate(clock.now).toString();
    return Reflect.construct(RealDate, parts.length === 0 ? [clock.now] : parts, new.target);
  }
  Object.defineProperties(ClockDate, {
    name: { value: 'Date' },
    length: { value: 7 },
    prototype: { value: RealDate.prototype, writable: false },
    now: { value: () => clock.now },
    parse: { value: RealDate.parse },
    UTC: { value: RealDate.UTC },
  });
  Object.defineProperty(RealDate.prototype, 'constructor', { value: ClockDate });
  world.Date = ClockDate;
}

/**
 * A resizable buffer reserves address space and fills it outside the isolate's counted memory. So buffers keep the size they were
 * created with.
 */
function giveBuffer(world: Global): void {
  const RealBuffer = ArrayBuffer;
  function FixedBuffer(length: unknown, options?: { maxByteLength?: unknown }): unknown {
    if (!new.target) throw new TypeError("Constructor ArrayBuffer requires 'new'");
    if (typeof options === 'object' && options?.maxByteLength !== undefined) {
      throw new RangeError('A plugin’s ArrayBuffer cannot be resizable: make a new one and copy into it');
    }
    return Reflect.construct(RealBuffer, [length], new.target);
  }
  Object.defineProperties(FixedBuffer, {
    name: { value: 'ArrayBuffer' },
    prototype: { value: RealBuffer.prototype, writable: false },
    isView: { value: RealBuffer.isView },
    [Symbol.species]: {
      get(this: unknown) {
        return this;
      },
    },
  });
  Object.defineProperty(RealBuffer.prototype, 'constructor', { value: FixedBuffer });
  world.ArrayBuffer = FixedBuffer;
}

/**
 * A frozen prototype makes assigning an inherited name fail (`this.name = 'MyError'` on an error). For names that code does
 * assign, this replaces the data property by an accessor whose setter defines the name on the object.
 */
function allowOverrides(): void {
  const errors = [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError, AggregateError];
  const targets: [object, readonly string[]][] = [
    [Object.prototype, ['constructor', 'hasOwnProperty', 'isPrototypeOf', 'toLocaleString', 'toString', 'valueOf']],
    [Function.prototype, ['constructor', 'toString']],
    [Array.prototype, ['toString']],
    [Promise.prototype, ['constructor']],
    ...errors.map((error): [object, readonly string[]] => [
      error.prototype,
      ['constructor', 'message', 'name', 'toString'],
    ]),
  ];
  for (const [prototype, names] of targets) {
    for (const name of names) {
      const own = Object.getOwnPropertyDescriptor(prototype, name);
      if (!own || !('value' in own)) continue;
      const { value } = own;
      Object.defineProperty(prototype, name, {
        get: () => value,
        set(this: object, replacement: unknown) {
          if (this === prototype) throw new TypeError(`${name} of a built-in cannot be changed`);
          Object.defineProperty(this, name, {
            value: replacement,
            writable: true,
            enumerable: true,
            configurable: true,
          });
        },
        configurable: true,
      });
    }
  }
}

function freezeIntrinsics(world: Global): void {
  const seen = new Set<unknown>([world]);
  const queue: unknown[] = [];
  const add = (value: unknown): void => {
    if ((typeof value === 'object' && value !== null) || typeof value === 'function') {
      if (!seen.has(value)) {
        seen.add(value);
        queue.push(value);
      }
    }
  };
  for (const name of Object.getOwnPropertyNames(world)) {
    add(world[name]);
    const own = Object.getOwnPropertyDescriptor(world, name);
    if (own?.configurable) Object.defineProperty(world, name, { writable: false, configurable: false });
  }
  // Intrinsics without a global name.
  add(Object.getPrototypeOf(async () => {}));
  add(Object.getPrototypeOf(function* () {}));
  add(Object.getPrototypeOf(async function* () {}));
  add(Object.getPrototypeOf([][Symbol.iterator]()));
  add(Object.getPrototypeOf(new Map()[Symbol.iterator]()));
  add(Object.getPrototypeOf(new Set()[Symbol.iterator]()));
  add(Object.getPrototypeOf(''[Symbol.iterator]()));
  add(Object.getPrototypeOf(''.matchAll(/x/g)));
  add(Object.getPrototypeOf([].values().map((x) => x)));
  add(Object.getPrototypeOf(Iterator.from({ next: () => ({ done: true, value: undefined }) })));
  freezeReached(queue, add);
}

/** Freezes objects and everything reachable from them. Doesn't look into frozen ones. */
export function freezeAll(roots: readonly unknown[]): void {
  const queue: unknown[] = [];
  const add = (value: unknown): void => {
    if (((typeof value === 'object' && value !== null) || typeof value === 'function') && !Object.isFrozen(value)) {
      queue.push(value);
    }
  };
  roots.forEach(add);
  freezeReached(queue, add);
}

function freezeReached(queue: unknown[], add: (value: unknown) => void): void {
  for (let value = queue.pop(); value !== undefined; value = queue.pop()) {
    const object = value as object;
    Object.freeze(object);
    add(Object.getPrototypeOf(object));
    for (const key of Reflect.ownKeys(object)) {
      const own = Object.getOwnPropertyDescriptor(object, key);
      add(own?.value);
      add(own?.get);
      add(own?.set);
    }
  }
}
