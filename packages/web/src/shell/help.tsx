// The keys that work here and now.

import { Dialog } from '../ui/dialog.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { type Shortcut, useShortcutList } from './shortcuts.tsx';

export function Help({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const all = useShortcutList();
  const groups = Object.entries(Object.groupBy(all, ({ group }) => group)) as [string, readonly Shortcut[]][];
  return (
    <Dialog open={open} onClose={onClose} title="Keyboard" about="Shortcuts on this screen." place="wide">
      <div className="grid gap-x-8 gap-y-5 sm:grid-cols-2">
        {groups.map(([group, shortcuts]) => (
          <section key={group}>
            <h3 className="mb-1.5 font-semibold text-ink-3 text-xs">{group}</h3>
            <ul className="flex flex-col gap-1.5">
              {shortcuts
                .filter(({ keys }, index) => shortcuts.findIndex((other) => other.keys === keys) === index)
                .map(({ keys, label }) => (
                  <li key={keys} className="flex items-center justify-between gap-3 text-sm">
                    {label}
                    <Kbd keys={keys} />
                  </li>
                ))}
            </ul>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
