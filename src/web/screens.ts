// Every screen: where it is, what the navigation says of it, who sees it there, and the file that draws it. One row each.

import type { LucideIcon } from 'lucide-react';
import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import type { Permission } from '#kit/scopes.ts';

export interface Screen {
  /** As wouter writes it; the first that fits is shown. */
  readonly path: string;
  readonly show: LazyExoticComponent<ComponentType>;
  /** In the navigation, in this order. */
  readonly nav?: {
    readonly label: string;
    readonly icon: LucideIcon;
    /** After `g`. */
    readonly key: string;
    readonly needs: 'admin' | readonly [type: string, permission: Permission];
  };
}

export const SCREENS: readonly Screen[] = [{ path: '/account', show: lazy(() => import('./sign-in/account.tsx')) }];
