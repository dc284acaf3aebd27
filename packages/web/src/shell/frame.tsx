// What stays while pages change: the navigation, who is signed in, whether one hears what happens.

import { BookOpen, CircleHelp, KeyRound, LogOut, Monitor, Moon, Search, Sun } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { useLine } from '../api/live.ts';
import { useSession } from '../api/session.tsx';
import { chooseTheme, chosenTheme, type Theme } from '../theme.ts';
import { readAhead } from '../ui/apart.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { classes } from '../ui/classes.ts';
import { Kbd } from '../ui/kbd.tsx';
import { Menu } from '../ui/menu.tsx';
import { focusFirstRow } from '../ui/table.tsx';
import { Tip } from '../ui/tip.tsx';
import { Boundary } from './boundary.tsx';
import { Help } from './help.tsx';
import { Logo } from './logo.tsx';
import { type Place, useNavigation } from './navigation.ts';
import { Palette } from './palette.tsx';
import { useShortcut } from './shortcuts.tsx';
import { useSignOut } from './sign-out.tsx';

export function Frame({ children }: { readonly children: ReactNode }) {
  const [open, setOpen] = useState<'palette' | 'help' | null>(null);
  const places = useNavigation();
  const [place] = useLocation();
  useEffect(readAhead, []);
  useShortcut({ keys: 'mod+k', label: 'Find a patient or a page', group: 'Everywhere', whileTyping: true }, () =>
    setOpen('palette'),
  );
  // Once one of its rows has the focus, a list has these keys itself.
  useShortcut({ keys: 'j', label: 'Into the list, and down it; Enter opens one', group: 'Lists' }, focusFirstRow);
  useShortcut({ keys: 'k', label: 'Up the list', group: 'Lists' }, focusFirstRow);
  useShortcut({ keys: '?', label: 'Show shortcuts', group: 'Everywhere' }, () => setOpen('help'));
  const close = (): void => setOpen(null);
  return (
    <div className="flex h-full">
      <a
        href="#main"
        className="sr-only z-50 rounded-md bg-accent px-3 py-1.5 text-accent-ink focus:not-sr-only focus:absolute focus:top-2 focus:left-2"
      >
        Skip to the page
      </a>
      <nav aria-label="Main" className="flex w-13 shrink-0 flex-col border-line border-r bg-sunken py-2 lg:w-48">
        <Link
          href="/"
          aria-label="Chartwire: today"
          className="mx-2 mb-2 flex h-9 items-center gap-2.5 rounded-md px-2"
        >
          <Logo className="size-5.5 shrink-0" />
          <span className="hidden font-semibold text-base tracking-tight lg:inline">Chartwire</span>
        </Link>
        <button
          type="button"
          onClick={() => setOpen('palette')}
          className="mx-2 mb-2 flex h-8 items-center gap-2.5 rounded-md border border-line bg-surface px-2 text-ink-3 text-sm hover:border-line-strong"
        >
          <Search aria-hidden className="size-4 shrink-0" />
          <span className="sr-only text-left lg:not-sr-only lg:flex-1">
            Find<span className="sr-only"> a patient or a page</span>
          </span>
          <span aria-hidden className="hidden lg:inline">
            <Kbd keys="mod+k" />
          </span>
        </button>
        <ul className="flex flex-1 flex-col gap-0.5 overflow-y-auto px-2">
          {places.map((place) => (
            <li key={place.path}>
              <NavLink place={place} />
            </li>
          ))}
        </ul>
        <Away />
        <div className="flex flex-col gap-0.5 px-2">
          <button
            type="button"
            onClick={() => setOpen('help')}
            aria-label="Keyboard"
            className="flex h-8 items-center gap-2.5 rounded-md px-2 text-ink-2 text-sm hover:bg-hover"
          >
            <CircleHelp aria-hidden className="size-4 shrink-0" />
            <span className="hidden lg:inline">Keyboard</span>
          </button>
          <a
            href="/docs/charting.html"
            target="_blank"
            rel="noopener"
            aria-label="Documentation"
            className="flex h-8 items-center gap-2.5 rounded-md px-2 text-ink-2 text-sm hover:bg-hover"
          >
            <BookOpen aria-hidden className="size-4 shrink-0" />
            <span className="hidden lg:inline">Documentation</span>
          </a>
          <Account />
        </div>
      </nav>
      <main id="main" tabIndex={-1} className="min-w-0 flex-1 outline-none">
        <Boundary place={place}>{children}</Boundary>
      </main>
      <Palette open={open === 'palette'} onClose={close} />
      <Help open={open === 'help'} onClose={close} />
    </div>
  );
}

function NavLink({ place: { path, label, icon: Icon, key } }: { readonly place: Place }) {
  const [here, go] = useLocation();
  useShortcut({ keys: `g ${key}`, label, group: 'Go to' }, () => go(path));
  const current = path === '/' ? here === '/' : here === path || here.startsWith(`${path}/`);
  return (
    <Tip text={label} hint={<Kbd keys={`g ${key}`} />} side="right">
      <Link
        href={path}
        aria-label={label}
        aria-current={current ? 'page' : undefined}
        className={classes(
          'flex h-8 items-center gap-2.5 rounded-md px-2 text-sm',
          current ? 'bg-accent-soft font-medium text-accent-text' : 'text-ink-2 hover:bg-hover hover:text-ink',
        )}
      >
        <Icon aria-hidden className="size-4 shrink-0" strokeWidth={current ? 2.2 : 1.9} />
        <span className="hidden lg:inline">{label}</span>
      </Link>
    </Tip>
  );
}

/** Said only while it is so: nothing new is heard. */
function Away() {
  const line = useLine();
  if (line !== 'away') return null;
  return (
    <p role="status" className="mx-2 mb-2 rounded-md bg-warn-soft px-2 py-1.5 text-warn-text text-xs">
      <span className="lg:hidden">Away</span>
      <span className="hidden lg:inline">
        The server isn’t answering. Notes keep what you write and send it when it’s back.
      </span>
    </p>
  );
}

const THEMES: Readonly<Record<Theme, { readonly label: string; readonly icon: typeof Sun }>> = {
  light: { label: 'Light', icon: Sun },
  dark: { label: 'Dark', icon: Moon },
  system: { label: 'System', icon: Monitor },
};

function Account() {
  const { user } = useSession();
  const { leave, asking } = useSignOut();
  const [, go] = useLocation();
  const [theme, setTheme] = useState(chosenTheme());
  const next: Theme = theme === 'system' ? 'dark' : theme === 'dark' ? 'light' : 'system';
  return (
    <>
      <Menu
        align="start"
        items={[
          {
            label: `Theme: ${THEMES[theme].label.toLowerCase()}`,
            icon: THEMES[theme].icon,
            onSelect: () => {
              chooseTheme(next);
              setTheme(next);
            },
          },
          { label: 'Change password', icon: KeyRound, onSelect: () => go('/account') },
          { label: 'Sign out', icon: LogOut, apart: true, onSelect: leave },
        ]}
      >
        <button
          type="button"
          className="flex h-10 items-center gap-2 rounded-md px-1 text-left hover:bg-hover lg:px-1.5"
        >
          <Avatar name={user.name} />
          <span className="sr-only min-w-0 lg:not-sr-only lg:flex-1">
            <span className="block truncate font-medium text-sm leading-tight">
              {user.name}
              <span className="sr-only">: account, </span>
            </span>
            <span className="block truncate text-ink-3 text-xs leading-tight">{user.roles.join(', ')}</span>
          </span>
        </button>
      </Menu>
      {asking}
    </>
  );
}
