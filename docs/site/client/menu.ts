// The list of pages on a small screen, which a button opens.

export function offerMenu(): void {
  const button = document.querySelector<HTMLButtonElement>('.menu');
  if (!button) return;
  const set = (open: boolean): void => {
    document.body.classList.toggle('with-menu', open);
    button.setAttribute('aria-expanded', String(open));
  };
  button.addEventListener('click', () => set(button.getAttribute('aria-expanded') !== 'true'));
  document.addEventListener('keydown', ({ key }) => {
    if (key !== 'Escape' || button.getAttribute('aria-expanded') !== 'true') return;
    set(false);
    button.focus();
  });
}
