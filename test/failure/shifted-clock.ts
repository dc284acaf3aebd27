// Loaded into a server before anything else: its clock is moved by as many milliseconds as its parent says. PostgreSQL's is
// not, and neither is the time that passes (`performance.now()`), as when a time server sets a machine's clock.

let shift = 0;
const RealDate = Date;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, given, newTarget) => {
    const values = given.length === 0 ? [target.now() + shift] : given;
    return Reflect.construct(target, values, newTarget) as Date;
  },
  apply: (target) => new target(target.now() + shift).toString(),
  get: (target, key, receiver) =>
    key === 'now' ? () => target.now() + shift : (Reflect.get(target, key, receiver) as unknown),
});

process.on('message', (message) => {
  shift = Number(message);
  process.send?.(shift);
});
process.channel?.unref();
