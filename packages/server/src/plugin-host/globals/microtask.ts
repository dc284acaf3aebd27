// queueMicrotask of the HTML Standard. What the callback throws is reported as a rejection that nobody caught.

export function queueMicrotask(callback: () => void): void {
  if (typeof callback !== 'function') throw new TypeError('queueMicrotask needs a function');
  // Without arguments.
  Promise.resolve().then(() => callback());
}
