// What is typed while the form that was asked for is on its way from the server: no letter of it is lost, and none is
// taken for a key of the page.

/** Keeps what is typed from now on. The answer writes it into a field, or lets it go where there is none. */
export function typeAhead(): (field: Element | null) => void {
  let typed = '';
  const onKeyDown = (event: KeyboardEvent): void => {
    const { key, target, isComposing, ctrlKey, metaKey, altKey } = event;
    // Whoever went to another field meanwhile writes there.
    if (isComposing || ctrlKey || metaKey || altKey || isWritten(target)) return;
    if (key.length === 1) typed += key;
    else if (key === 'Backspace') typed = typed.slice(0, -1);
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  window.addEventListener('keydown', onKeyDown, { capture: true });
  return (field) => {
    window.removeEventListener('keydown', onKeyDown, { capture: true });
    if (typed !== '' && isWritten(field)) write(field, typed);
    typed = '';
  };
}

function isWritten(field: EventTarget | null): field is HTMLInputElement | HTMLTextAreaElement {
  return field instanceof HTMLTextAreaElement || (field instanceof HTMLInputElement && field.type === 'text');
}

/** As if it were typed there, so that the form hears of it. */
function write(field: HTMLInputElement | HTMLTextAreaElement, text: string): void {
  field.setRangeText(text, field.selectionStart ?? 0, field.selectionEnd ?? 0, 'end');
  field.dispatchEvent(new Event('input', { bubbles: true }));
}
