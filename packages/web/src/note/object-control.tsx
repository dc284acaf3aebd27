// A field of several members, each written by itself.

import type { Schema } from '@chartwire/sdk/internal/commands/control';
import { choiceText, nameText } from '@chartwire/sdk/internal/commands/words';
import { Field, Select, TextInput } from '../ui/field.tsx';
import type { ControlProps } from './control-props.ts';

type Members = Readonly<Record<string, unknown>>;

export function ObjectControl({ tied, doc, name, field, value }: ControlProps) {
  const members = (value ?? {}) as Members;
  const { properties = {}, required = [] } = field.schema;
  const set = (member: string, next: unknown): void => {
    const all = Object.entries({ ...members, [member]: next }).filter(([, one]) => one !== undefined && one !== '');
    doc.saving.edit(name, all.length > 0 ? Object.fromEntries(all) : undefined);
  };
  return (
    <fieldset
      id={tied.id}
      aria-label={field.label}
      className="grid grid-cols-2 gap-2 border-line border-l-2 pl-3 lg:grid-cols-3"
    >
      {Object.entries(properties).map(([member, schema]) => (
        <Field key={member} label={schema.description ?? nameText(member)} required={required.includes(member)}>
          {(inner) => (
            <Member tied={inner} schema={schema} value={members[member]} onChange={(next) => set(member, next)} />
          )}
        </Field>
      ))}
    </fieldset>
  );
}

function Member({
  tied,
  schema,
  value,
  onChange,
}: {
  readonly tied: ControlProps['tied'];
  readonly schema: Schema;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}) {
  if (schema.type === 'boolean') {
    return (
      <input
        {...tied}
        type="checkbox"
        checked={value === true}
        onChange={({ target }) => onChange(target.checked)}
        className="my-2 size-4 accent-accent"
      />
    );
  }
  if (schema.enum) {
    return (
      <Select {...tied} value={String(value ?? '')} onChange={({ target }) => onChange(target.value)}>
        <option value="">—</option>
        {schema.enum.map((one) => (
          <option key={one} value={one}>
            {choiceText(one)}
          </option>
        ))}
      </Select>
    );
  }
  return <TextInput {...tied} value={String(value ?? '')} onChange={({ target }) => onChange(target.value)} />;
}
