// Errors that the standards throw as a DOMException: here an Error of the same name.

export function namedError(name: 'DataCloneError' | 'InvalidCharacterError' | 'QuotaExceededError', message: string) {
  const error = new Error(message);
  Object.defineProperty(error, 'name', { value: name, configurable: true, writable: true });
  return error;
}
