// A person, by their initials.

import { initials } from '../fhir/words.ts';
import { classes } from './classes.ts';

const HUES = [205, 255, 300, 340, 25, 65, 130, 165];

export function Avatar({ name, size = 'md' }: { readonly name: string; readonly size?: 'sm' | 'md' | 'lg' }) {
  const hue = HUES[[...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % HUES.length];
  return (
    <span
      aria-hidden
      style={{ ['--hue' as string]: hue }}
      className={classes(
        'inline-flex shrink-0 select-none items-center justify-center rounded-full font-semibold',
        'bg-[oklch(92%_0.04_var(--hue))] text-[oklch(36%_0.09_var(--hue))] dark:bg-[oklch(34%_0.05_var(--hue))] dark:text-[oklch(88%_0.06_var(--hue))]',
        size === 'sm' ? 'size-5 text-2xs' : size === 'md' ? 'size-7 text-xs' : 'size-10 text-sm',
      )}
    >
      {initials(name)}
    </span>
  );
}
