// The places in the navigation that whoever is signed in may see.

import type { LucideIcon } from 'lucide-react';
import { useMemo } from 'react';
import { useSession } from '../api/session.tsx';
import { SCREENS } from '../screens.ts';

export interface Place {
  readonly path: string;
  readonly label: string;
  readonly icon: LucideIcon;
  readonly key: string;
}

export function useNavigation(): readonly Place[] {
  const session = useSession();
  return useMemo(
    () =>
      SCREENS.flatMap(({ path, nav }) => {
        if (!nav) return [];
        const { label, icon, key, needs } = nav;
        const allowed = needs === 'admin' ? session.admin : session.may(...needs);
        return allowed ? [{ path, label, icon, key }] : [];
      }),
    [session],
  );
}
