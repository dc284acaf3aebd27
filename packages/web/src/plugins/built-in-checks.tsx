// The checks that come with Chartwire, beside the plugins, whose gates do the same: which are on, and switching them.

import { useState } from 'react';
import type { CheckShape } from '@chartwire/client/internal/contract/checks';
import { api } from '../api/client.ts';
import { useApi } from '../api/queries.ts';
import { useWrite } from '../api/write.ts';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, TextInput } from '../ui/field.tsx';
import { Loaded } from '../ui/states.tsx';
import { dayText } from '../ui/time.tsx';
import { tell } from '../ui/toast.tsx';

const CHANGES = [api.checks.list.path()];

export function BuiltInChecks() {
  const checks = useApi(api.checks.list, {});
  const [switching, setSwitching] = useState<CheckShape | null>(null);
  const enable = useWrite((server, { name }: CheckShape) => server.checks.enable({ params: { name } }), {
    changes: CHANGES,
    about: ({ name }) => name,
    onDone: (_, { label }) => tell(`The ${label.toLowerCase()} check is on`),
  });
  return (
    <section aria-label="Checks that come with Chartwire" className="border-line border-t">
      <h2 className="px-5 pt-4 font-semibold text-sm">Checks that come with Chartwire</h2>
      <p className="px-5 pb-2 text-ink-3 text-xs">
        They run before a prescription or an allergy is committed, after the gates of plugins.
      </p>
      <Loaded from={checks}>
        {({ items }) => (
          <ul>
            {items.map((check) => (
              <li key={check.name} className="flex items-start gap-3 border-line border-t px-5 py-2.5 text-sm">
                <div className="min-w-0 flex-1">
                  <span className="font-medium">{check.label}</span>{' '}
                  <span className="font-mono text-2xs text-ink-3">{check.name}</span>
                  <p className="text-ink-2 text-xs">{check.summary}</p>
                  {check.off && (
                    <p className="text-warn-text text-xs">
                      Off since {dayText(check.off.at)}: {check.off.reason} ({check.off.by.display ?? check.off.by.id})
                    </p>
                  )}
                </div>
                <Badge tone={check.enabled ? 'ok' : 'warn'}>{check.enabled ? 'on' : 'off'}</Badge>
                <Button
                  size="sm"
                  aria-label={`Switch ${check.enabled ? 'off' : 'on'} ${check.name}`}
                  onClick={() => (check.enabled ? setSwitching(check) : enable.send(check))}
                >
                  {check.enabled ? 'Switch off' : 'Switch on'}
                </Button>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
      {switching && <SwitchOff check={switching} onClose={() => setSwitching(null)} />}
    </section>
  );
}

function SwitchOff({ check, onClose }: { readonly check: CheckShape; readonly onClose: () => void }) {
  const [reason, setReason] = useState('');
  const { name, label } = check;
  const disable = useWrite((server) => server.checks.disable({ params: { name }, body: { reason } }), {
    shown: 'here',
    changes: CHANGES,
    onDone: () => tell(`The ${label.toLowerCase()} check is off`),
    onHere: onClose,
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Switch off the ${label.toLowerCase()} check?`}
      onSubmit={() => reason.trim() !== '' && disable.send()}
      problem={disable.problem}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="danger" type="submit" busy={disable.pending} disabled={reason.trim() === ''}>
            Switch off
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <p className="text-sm">
          For everyone, immediately. It stops asking for confirmation, and nothing it would refuse is refused.
        </p>
        <Field label="Reason" required>
          {(tied) => (
            <TextInput
              {...tied}
              autoFocus
              maxLength={500}
              value={reason}
              onChange={({ target }) => setReason(target.value)}
            />
          )}
        </Field>
      </div>
    </Dialog>
  );
}
