// What a form does instead of the browser's own way of sending it.

import type { FormEvent } from 'react';

export function submitting(send: (form: HTMLFormElement) => void): (event: FormEvent<HTMLFormElement>) => void {
  return (event) => {
    event.preventDefault();
    // A form in a dialog above this one tells of itself here too.
    if (event.target === event.currentTarget) send(event.currentTarget);
  };
}
