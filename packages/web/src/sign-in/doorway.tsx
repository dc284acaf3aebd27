// What stands around the forms before one is in.

import type { ReactNode } from 'react';
import { Logo } from '../shell/logo.tsx';
import { WhyEnded } from '../shell/why-ended.tsx';

export function Doorway({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <main className="flex min-h-full items-start justify-center px-4 pt-[16vh] pb-8">
      <div className="w-full max-w-90">
        <div className="mb-5 flex items-center gap-2.5">
          <Logo className="size-8" />
          <span className="font-semibold text-xl tracking-tight">Chartwire</span>
        </div>
        <WhyEnded />
        <section className="rounded-lg border border-line bg-surface p-6 shadow-card">
          <h1 className="mb-4 font-semibold text-lg">{title}</h1>
          {children}
        </section>
      </div>
    </main>
  );
}
