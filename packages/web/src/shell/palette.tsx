// Ctrl-K: go anywhere, to any patient, by typing a few letters of it. Enter goes to what is typed, however long the search
// takes: it waits for the answer.

import { Command } from 'cmdk';
import { ArrowRight, UserRound } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import { type KeyboardEvent, type MouseEvent, type ReactNode, useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import { api } from '../api/client.ts';
import { useApi } from '../api/queries.ts';
import { prefetchChart } from '../chart/prefetch.ts';
import { ageText, sexText } from '../fhir/words.ts';
import { type FoundPatient, isMeant, numberOf } from '../patients/found-patient.ts';
import { Button } from '../ui/button.tsx';
import { classes } from '../ui/classes.ts';
import { Spinner } from '../ui/spinner.tsx';
import { dayText } from '../ui/time.tsx';
import { useNavigation } from './navigation.ts';

const ITEM = 'flex h-9 cursor-pointer select-none items-center gap-2.5 rounded-md px-2.5 text-sm';
const GROUP =
  '[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:py-1 [&_[cmdk-group-heading]]:text-ink-3 [&_[cmdk-group-heading]]:text-xs';

export function Palette({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-black/35" />
        <Radix.Content
          aria-describedby={undefined}
          className="fixed top-[14vh] left-1/2 z-40 w-[min(38rem,calc(100vw-2rem))] -translate-x-1/2 animate-appear overflow-hidden rounded-lg border border-line bg-raised shadow-raised"
        >
          <Radix.Title className="sr-only">Go to</Radix.Title>
          <Choices onClose={onClose} />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** A place to go to, in the order of the list. */
interface Target {
  readonly key: string;
  readonly go: () => void;
}

/** No item has it as its value; with an empty one cmdk marks the first. */
const NONE = 'none';

/** Patients listed at once. */
const MOST = 8;

function Choices({ onClose }: { readonly onClose: () => void }) {
  const [query, setQuery] = useState('');
  /** What somebody pointed at, by its key; the first of the list until then. */
  const [pointed, setPointed] = useState('');
  /** Enter was pressed before the answer was there; then it was not clear who is meant. */
  const [entered, setEntered] = useState<'waits' | 'unclear' | null>(null);
  const [, go] = useLocation();
  const screens = useNavigation();
  const words = query.trim();
  const found = useApi(api.patients.find, { query: { query: words, limit: MOST } }, { keep: true });
  // What is shown of other words meanwhile is opened only when somebody points at it.
  const waiting = found.isPending || found.isPlaceholderData;
  const patients = found.data?.items ?? [];
  const pages = screens.filter(({ label }) => label.toLowerCase().includes(words.toLowerCase()));
  const to = (path: string): void => {
    onClose();
    go(path);
  };
  const toChart = (patient: string): void => {
    prefetchChart(patient);
    to(`/patients/${patient}`);
  };
  const targets: readonly Target[] = [
    ...patients.map(({ id }) => ({ key: `patient ${id}`, go: () => toChart(id) })),
    ...pages.map(({ path }) => ({ key: `page ${path}`, go: () => to(path) })),
  ];
  const at = Math.max(
    0,
    targets.findIndex(({ key }) => key === pointed),
  );
  const page = pages.find(({ label }) => label.toLowerCase() === words.toLowerCase());

  // biome-ignore lint/correctness/useExhaustiveDependencies: it goes once, when the answer comes
  useEffect(() => {
    if (entered !== 'waits' || waiting) return;
    const unclear = patients.length > 0 && !isOnlyOne(patients, words);
    setEntered(unclear ? 'unclear' : null);
    if (!unclear && !found.error) targets[0]?.go();
  }, [entered, waiting]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const { key } = event;
    if (event.nativeEvent.isComposing) return;
    const step = key === 'ArrowDown' ? 1 : key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) setPointed(targets[Math.min(targets.length - 1, Math.max(0, at + step))]?.key ?? '');
    else if (key !== 'Enter') return;
    else if (waiting && words !== '' && page) to(page.path);
    else if (waiting && words !== '' && pointed === '') setEntered('waits');
    else if (found.error && patients.length === 0 && pointed === '') void found.refetch();
    else targets[at]?.go();
    event.preventDefault();
  };
  const marked = waiting && words !== '' && pointed === '' ? NONE : (targets[at]?.key ?? NONE);
  const itemOf = (key: string) => ({
    value: key,
    // A list that appears under a pointer at rest is not pointed at.
    onMouseMove: ({ movementX, movementY }: MouseEvent) => (movementX !== 0 || movementY !== 0) && setPointed(key),
    // By what is marked here: cmdk keeps a choice of its own.
    className: classes(ITEM, key === marked && 'bg-hover'),
  });
  return (
    <Command
      shouldFilter={false}
      label="Go to"
      value={marked}
      // Which one is chosen is said by the keys and the pointer alone.
      onValueChange={() => {}}
      onKeyDown={onKeyDown}
    >
      <Command.Input
        value={query}
        onValueChange={(typed) => {
          setQuery(typed);
          setPointed('');
          setEntered(null);
        }}
        placeholder="A patient’s name, birth date, number or phone; or a page"
        className="h-12 w-full border-line border-b bg-transparent px-4 text-base outline-none"
      />
      {waiting && words !== '' && (entered !== null || patients.length === 0) && (
        <Note>
          <Spinner />
          {entered !== null ? `Searching for “${words}” … It opens as soon as it’s found.` : 'Searching patients …'}
        </Note>
      )}
      {found.error && !waiting && (
        <Note>
          <span className="flex-1 text-danger-text">The patients could not be searched. {found.error.next}</span>
          <Button size="sm" onClick={() => void found.refetch()}>
            Try again
          </Button>
        </Note>
      )}
      {entered === 'unclear' && <Note>Several patients match. Enter opens the highlighted one.</Note>}
      {targets.length === 0 && !waiting && !found.error && (
        <Note>Nothing found for “{words}”. Other words may find it.</Note>
      )}
      <Command.List className="max-h-[50vh] overflow-y-auto p-1.5">
        {patients.length > 0 && (
          <Command.Group heading="Patients" className={classes('mb-1', GROUP, waiting && words !== '' && 'opacity-60')}>
            {patients.map(({ id, name, birthDate, sex, identifiers, phone }) => (
              <Command.Item key={id} onSelect={() => toChart(id)} {...itemOf(`patient ${id}`)}>
                <UserRound aria-hidden className="size-4 text-ink-3" />
                <span className="min-w-0 flex-1 truncate">{name}</span>
                <span className="text-ink-3 text-xs tabular">
                  {[sexText(sex), ageText(birthDate), dayText(birthDate), numberOf(identifiers) ?? phone]
                    .filter(Boolean)
                    .join(' · ')}
                </span>
              </Command.Item>
            ))}
          </Command.Group>
        )}
        {pages.length > 0 && (
          <Command.Group heading="Pages" className={GROUP}>
            {pages.map(({ label, path, icon: Icon }) => (
              <Command.Item key={path} onSelect={() => to(path)} {...itemOf(`page ${path}`)}>
                <Icon aria-hidden className="size-4 text-ink-3" />
                <span className="flex-1">{label}</span>
                <ArrowRight aria-hidden className="size-3.5 text-ink-3" />
              </Command.Item>
            ))}
          </Command.Group>
        )}
      </Command.List>
      {words !== '' && !waiting && patients.length >= MOST && (
        <p className="border-line border-t px-3.5 py-2 text-ink-3 text-xs">
          There are more patients. Type more to find them.
        </p>
      )}
    </Command>
  );
}

/** Whether the first of them is meant and no other: by the words typed, or by being called exactly so. */
function isOnlyOne(patients: readonly FoundPatient[], typed: string): boolean {
  const meant = patients.filter((patient) => isMeant(patient, typed));
  const named = meant.filter(({ name }) => name?.toLowerCase() === typed.toLowerCase());
  const [only, ...others] = named.length > 0 ? named : meant;
  return only !== undefined && only === patients[0] && others.length === 0;
}

function Note({ children }: { readonly children: ReactNode }) {
  return (
    <p role="status" className="flex items-center gap-2 px-3 py-2.5 text-ink-3 text-sm">
      {children}
    </p>
  );
}
