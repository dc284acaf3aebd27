// The frame around the screens, and which screen is shown where.

import { useEffect } from 'react';
import { Link, matchRoute, Route, Switch, useRouter } from 'wouter';
import { SessionGate } from './api/session.tsx';
import { KeptWork } from './note/kept-work.tsx';
import { SCREENS, type Screen } from './screens.ts';
import { useNavigation } from './shell/navigation.ts';
import { Frame } from './shell/frame.tsx';
import { ShortcutKeys } from './shell/shortcuts.tsx';
import { SignIn } from './sign-in/sign-in.tsx';
import { Welcome } from './sign-in/welcome.tsx';
import { Empty, Failed, Skeleton } from './ui/states.tsx';
import { Tips } from './ui/tip.tsx';
import { Toasts } from './ui/toast.tsx';

export function App() {
  useScreenAhead();
  return (
    <Tips>
      <Toasts>
        <Switch>
          <Route path="/welcome">
            <Welcome />
          </Route>
          <Route>
            <SessionGate
              signIn={<SignIn />}
              waiting={(problem) => (
                <div className="mx-auto max-w-md pt-[20vh]">
                  {problem ? <Failed problem={problem} /> : <Skeleton />}
                </div>
              )}
            >
              <ShortcutKeys>
                <KeptWork />
                <Frame>
                  <Switch>
                    {SCREENS.map((screen) => (
                      <Route key={screen.path} path={screen.path}>
                        <Shown {...screen} />
                      </Route>
                    ))}
                    <Route>
                      <Empty
                        title="Page not found."
                        action={
                          <Link href="/" className="font-medium text-accent-text underline">
                            Go to Today
                          </Link>
                        }
                      />
                    </Route>
                  </Switch>
                </Frame>
              </ShortcutKeys>
            </SessionGate>
          </Route>
        </Switch>
      </Toasts>
    </Tips>
  );
}

/** What the navigation does not offer them is not half shown to whoever comes by its address. */
function Shown({ path, nav, show: Show }: Screen) {
  const places = useNavigation();
  if (!nav || places.some((place) => place.path === path)) return <Show />;
  return <Empty title={`${nav.label} isn’t available to your role.`}>Ask an administrator for access.</Empty>;
}

/** Reads the code of the screen at this address while the session is asked for. */
function useScreenAhead(): void {
  const { parser } = useRouter();
  useEffect(() => {
    const here = SCREENS.find(({ path }) => matchRoute(parser, path, window.location.pathname)[0]);
    // What cannot be read now is read again when it is shown.
    here?.show.read().catch(() => {});
  }, [parser]);
}
