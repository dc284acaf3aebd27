// Ctrl-K: go anywhere, to any patient, by typing a few letters of it.

import { Command } from 'cmdk';
import { ArrowRight, UserRound } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import { useDeferredValue, useState } from 'react';
import { useLocation } from 'wouter';
import { useApi } from '../api/queries.ts';
import { prefetchChart } from '../chart/chart-data.ts';
import { ageText, sexText } from '../fhir/words.ts';
import type { FoundPatient } from '../patients/found-patient.ts';
import { dayText } from '../ui/time.tsx';
import { useNavigation } from './navigation.ts';

const ITEM =
  'flex h-9 cursor-pointer select-none items-center gap-2.5 rounded-md px-2.5 text-sm data-[selected=true]:bg-hover';

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

function Choices({ onClose }: { readonly onClose: () => void }) {
  const [query, setQuery] = useState('');
  const [, go] = useLocation();
  const screens = useNavigation();
  const words = useDeferredValue(query.trim());
  const patients = useApi<{ items: readonly FoundPatient[] }>(
    '/api/patients',
    { query: words, limit: 8 },
    { keep: true },
  );
  const to = (path: string): void => {
    onClose();
    go(path);
  };
  const toChart = (patient: string): void => {
    prefetchChart(patient);
    to(`/patients/${patient}`);
  };
  const fitting = screens.filter(({ label }) => label.toLowerCase().includes(words.toLowerCase()));
  return (
    <Command shouldFilter={false} label="Go to">
      <Command.Input
        value={query}
        onValueChange={setQuery}
        placeholder="A patient’s name, birth date, number or phone; or a page"
        className="h-12 w-full border-line border-b bg-transparent px-4 text-base outline-none"
      />
      <Command.List className="max-h-[50vh] overflow-y-auto p-1.5">
        <Command.Empty className="px-3 py-6 text-center text-ink-3 text-sm">Nothing found for “{query}”.</Command.Empty>
        {(patients.data?.items.length ?? 0) > 0 && (
          <Command.Group
            heading="Patients"
            className="mb-1 [&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:py-1 [&_[cmdk-group-heading]]:text-ink-3 [&_[cmdk-group-heading]]:text-xs"
          >
            {patients.data?.items.map(({ id, name, birthDate, sex }) => (
              <Command.Item key={id} value={`patient ${id}`} onSelect={() => toChart(id)} className={ITEM}>
                <UserRound aria-hidden className="size-4 text-ink-3" />
                <span className="min-w-0 flex-1 truncate">{name}</span>
                <span className="text-ink-3 text-xs tabular">
                  {[sexText(sex), ageText(birthDate), dayText(birthDate)].filter(Boolean).join(' · ')}
                </span>
              </Command.Item>
            ))}
          </Command.Group>
        )}
        {fitting.length > 0 && (
          <Command.Group
            heading="Pages"
            className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:py-1 [&_[cmdk-group-heading]]:text-ink-3 [&_[cmdk-group-heading]]:text-xs"
          >
            {fitting.map(({ label, path, icon: Icon }) => (
              <Command.Item key={path} value={`page ${path}`} onSelect={() => to(path)} className={ITEM}>
                <Icon aria-hidden className="size-4 text-ink-3" />
                <span className="flex-1">{label}</span>
                <ArrowRight aria-hidden className="size-3.5 text-ink-3" />
              </Command.Item>
            ))}
          </Command.Group>
        )}
      </Command.List>
    </Command>
  );
}
