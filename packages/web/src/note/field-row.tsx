// One field of a command: its label, the control that fits it, and what is to be said at it: refused, amended, changed by
// somebody else meanwhile.

import { Sparkles } from 'lucide-react';
import type { ReactNode } from 'react';
import { type FieldKind, controlOf } from '@chartwire/sdk/internal/commands/control';
import { unitText } from '@chartwire/sdk/internal/commands/words';
import { Badge } from '../ui/badge.tsx';
import { classes } from '../ui/classes.ts';
import { Field } from '../ui/field.tsx';
import { type CommandDoc, type CommandView, faultAt, valueAt } from './command-doc.ts';
import { Control } from './control.tsx';
import type { ControlProps } from './control-props.ts';
import { exactAt } from './exact.ts';
import { Sides } from './sides.tsx';

export function FieldRow({
  doc,
  view,
  name,
  label,
  unit: given,
  hint,
  aside,
  placeholder,
  className,
  control,
}: {
  readonly doc: CommandDoc;
  readonly view: CommandView;
  readonly name: string;
  /** Instead of the field's own. */
  readonly label?: string;
  /** Instead of the field's own; empty where the label says it. */
  readonly unit?: string;
  readonly hint?: ReactNode;
  readonly aside?: ReactNode;
  readonly placeholder?: string;
  readonly className?: string;
  /** Instead of the one that follows from the schema. */
  readonly control?: (props: ControlProps) => ReactNode;
}) {
  const field = view.kind.fields[name];
  if (!field) return null;
  const { saving } = doc;
  const fault = faultAt(view, name);
  const theirs = view.saving.fields[name]?.theirs;
  const plugin = view.amended[name];
  const unit = given ?? unitText(field.unit);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hears that the cursor comes and goes, wherever in it
    <div
      onFocus={() => saving.focus(name)}
      onBlur={({ currentTarget, relatedTarget }) => {
        if (!currentTarget.contains(relatedTarget)) saving.blur(name);
      }}
      className={classes('min-w-0', plugin && 'rounded-md bg-plugin-soft p-1.5 -m-1.5', className)}
    >
      <Field
        label={unit ? `${label ?? field.label} (${unit})` : (label ?? field.label)}
        required={field.needed === true}
        error={fault}
        hint={hint}
        aside={
          plugin ? (
            <Badge tone="plugin" icon={Sparkles}>
              amended by {plugin}
            </Badge>
          ) : (
            aside
          )
        }
      >
        {(tied) => {
          const props: ControlProps = { tied, doc, name, field, value: valueAt(view, name), placeholder };
          return control ? control(props) : <Control {...props} />;
        }}
      </Field>
      {theirs && (
        <Sides field={field} theirs={exactAt(theirs, 'value')} onChoose={(side) => saving.choose(name, side)} />
      )}
    </div>
  );
}

/** Whether a field takes the whole width of a form. */
export function isWide(field: FieldKind): boolean {
  return ['text', 'options', 'list', 'object'].includes(controlOf(field));
}
