// queueMicrotask of the HTML Standard. An error in the callback is reported as an unhandled rejection.

export function queueMicrotask(callback: () => void): void {
  if (typeof callback !== 'function') throw new TypeError('queueMicrotask needs a function');
  // Called without arguments.
  Promise.resolve().then(() => callback());
}
