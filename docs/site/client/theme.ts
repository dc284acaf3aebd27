// Light or dark: what was chosen here or in the chart, else what the system says.

/** The chart's key: both are one choice. */
const KEY = 'chartwire.theme';
const dark = matchMedia('(prefers-color-scheme: dark)');

function kept(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // storage is off
  }
}

function theme(): string {
  const chosen = kept();
  return chosen === 'light' || chosen === 'dark' ? chosen : dark.matches ? 'dark' : 'light';
}

function show(): void {
  document.documentElement.dataset.theme = theme();
}

export function followTheme(): void {
  dark.addEventListener('change', show);
  addEventListener('storage', show);
  show();
}

export function offerTheme(): void {
  document.querySelector('.theme')?.addEventListener('click', () => {
    try {
      localStorage.setItem(KEY, theme() === 'dark' ? 'light' : 'dark');
    } catch {
      // Without storage the system's theme stays.
    }
    show();
  });
}
