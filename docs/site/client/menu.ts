// The list of pages: scrolled to where one is, and, on a small screen, opened by a button.

export function offerMenu(): void {
  const button = document.querySelector<HTMLButtonElement>('.menu');
  if (!button) return;
  const pages = document.querySelector<HTMLElement>('.pages')!;
  const showCurrent = (): void => {
    const current = pages.querySelector<HTMLElement>('[aria-current]');
    if (current) pages.scrollTop = Math.max(0, current.offsetTop - pages.offsetTop - pages.clientHeight / 2);
  };
  showCurrent();
  const set = (open: boolean): void => {
    document.body.classList.toggle('with-menu', open);
    button.setAttribute('aria-expanded', String(open));
    if (open) showCurrent();
  };
  button.addEventListener('click', () => set(button.getAttribute('aria-expanded') !== 'true'));
  document.addEventListener('keydown', ({ key }) => {
    if (key !== 'Escape' || button.getAttribute('aria-expanded') !== 'true') return;
    set(false);
    button.focus();
  });
}
