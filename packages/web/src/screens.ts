// Every screen: where it is, what the navigation says of it, who sees it there, and the file that draws it. One row each.

import {
  Activity,
  BookUser,
  Building2,
  CalendarDays,
  Inbox,
  ListChecks,
  type LucideIcon,
  MessageSquare,
  PenLine,
  Puzzle,
  ScrollText,
  UserCog,
  UsersRound,
} from 'lucide-react';
import type { Permission } from '@chartwire/sdk/internal/kit/scopes';
import { type Apart, apart } from './ui/apart.tsx';

export interface Screen {
  /** As wouter writes it; the first that fits is shown. */
  readonly path: string;
  readonly show: Apart<object>;
  /** In the navigation, in this order. */
  readonly nav?: {
    readonly label: string;
    readonly icon: LucideIcon;
    /** After `g`. */
    readonly key: string;
    readonly needs: 'admin' | readonly [type: string, permission: Permission];
  };
}

export const SCREENS: readonly Screen[] = [
  {
    path: '/',
    show: apart(() => import('./today/today-page.tsx')),
    nav: { label: 'Today', icon: CalendarDays, key: 't', needs: ['Appointment', 's'] },
  },
  {
    path: '/patients',
    show: apart(() => import('./patients/patients-page.tsx')),
    nav: { label: 'Patients', icon: UsersRound, key: 'p', needs: ['Patient', 's'] },
  },
  { path: '/patients/new', show: apart(() => import('./patients/register-page.tsx')) },
  { path: '/patients/:id/profile', show: apart(() => import('./patients/profile-page.tsx')) },
  { path: '/patients/:id/*?', show: apart(() => import('./chart/chart-page.tsx')) },
  {
    path: '/inbox',
    show: apart(() => import('./inbox/inbox-page.tsx')),
    nav: { label: 'Inbox', icon: Inbox, key: 'i', needs: ['DocumentReference', 's'] },
  },
  { path: '/inbox/:id', show: apart(() => import('./inbox/inbox-page.tsx')) },
  {
    path: '/tasks',
    show: apart(() => import('./tasks/tasks-page.tsx')),
    nav: { label: 'Tasks', icon: ListChecks, key: 'k', needs: ['Task', 's'] },
  },
  {
    path: '/cosign',
    show: apart(() => import('./cosign/cosign-page.tsx')),
    nav: { label: 'Co-sign', icon: PenLine, key: 's', needs: ['Note', 'u'] },
  },
  {
    path: '/messages',
    show: apart(() => import('./messages/messages-page.tsx')),
    nav: { label: 'Messages', icon: MessageSquare, key: 'm', needs: ['Communication', 's'] },
  },
  { path: '/messages/:patient', show: apart(() => import('./messages/messages-page.tsx')) },
  {
    path: '/directory',
    show: apart(() => import('./directory/directory-page.tsx')),
    nav: { label: 'Directory', icon: BookUser, key: 'd', needs: ['Organization', 's'] },
  },
  {
    path: '/events',
    show: apart(() => import('./events/events-page.tsx')),
    nav: { label: 'Events', icon: Activity, key: 'e', needs: ['*', 's'] },
  },
  { path: '/events/:id', show: apart(() => import('./events/event-page.tsx')) },
  {
    path: '/plugins',
    show: apart(() => import('./plugins/plugins-page.tsx')),
    nav: { label: 'Plugins', icon: Puzzle, key: 'l', needs: 'admin' },
  },
  { path: '/plugins/:name', show: apart(() => import('./plugins/plugin-page.tsx')) },
  {
    path: '/audit',
    show: apart(() => import('./audit/audit-page.tsx')),
    nav: { label: 'Audit', icon: ScrollText, key: 'a', needs: 'admin' },
  },
  {
    path: '/users',
    show: apart(() => import('./users/users-page.tsx')),
    nav: { label: 'Users', icon: UserCog, key: 'u', needs: 'admin' },
  },
  {
    path: '/practice',
    show: apart(() => import('./practice/practice-page.tsx')),
    nav: { label: 'Practice', icon: Building2, key: 'r', needs: 'admin' },
  },
  { path: '/account', show: apart(() => import('./sign-in/account.tsx')) },
];
