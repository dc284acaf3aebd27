// The commands one used last in this browser, newest first: offered before the others.

const KEY = 'chartwire.commands.recent';
const MOST = 5;

export function recentCommands(): readonly string[] {
  const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
  return Array.isArray(kept) ? kept.filter((one) => typeof one === 'string') : [];
}

export function noteUse(key: string): void {
  localStorage.setItem(KEY, JSON.stringify([key, ...recentCommands().filter((one) => one !== key)].slice(0, MOST)));
}
