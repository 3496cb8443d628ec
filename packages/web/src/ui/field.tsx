import { type ComponentProps, type ReactNode, useId } from 'react';
import { classes } from './classes.js';
import styles from './field.module.css';

interface Described {
  readonly label: string;
  readonly hint?: ReactNode;
  /** Why the server, or the form, does not take it. */
  readonly error?: string | undefined;
  readonly isLabelHidden?: boolean;
}

interface Wiring {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': true | undefined;
  readonly className: string | undefined;
}

/** A label, what stands below it, and the ties between them that are heard. */
function Field({
  label,
  hint,
  error,
  isLabelHidden,
  children,
}: Described & { children: (wiring: Wiring) => ReactNode }) {
  const id = useId();
  const hasHint = hint !== undefined && error === undefined;
  return (
    <div className={styles.field}>
      <label htmlFor={id} className={isLabelHidden === true ? 'visually-hidden' : styles.label}>
        {label}
      </label>
      {children({
        id,
        'aria-describedby': hasHint || error !== undefined ? `${id}-said` : undefined,
        'aria-invalid': error === undefined ? undefined : true,
        className: styles.input,
      })}
      {error !== undefined && (
        <p id={`${id}-said`} className={styles.error}>
          {error}
        </p>
      )}
      {hasHint && (
        <p id={`${id}-said`} className={styles.hint}>
          {hint}
        </p>
      )}
    </div>
  );
}

export function TextField({ label, hint, error, isLabelHidden, ...input }: Described & ComponentProps<'input'>) {
  return (
    <Field label={label} hint={hint} error={error} {...(isLabelHidden && { isLabelHidden })}>
      {(wiring) => <input type="text" {...input} {...wiring} />}
    </Field>
  );
}

export function TextArea({ label, hint, error, isLabelHidden, ...area }: Described & ComponentProps<'textarea'>) {
  return (
    <Field label={label} hint={hint} error={error} {...(isLabelHidden && { isLabelHidden })}>
      {(wiring) => <textarea rows={4} {...area} {...wiring} />}
    </Field>
  );
}

interface SelectProps<V extends string> extends Described {
  readonly value: V;
  readonly options: readonly (readonly [value: V, text: string])[];
  readonly onPick: (value: V) => void;
}

export function Select<V extends string>({
  label,
  hint,
  error,
  isLabelHidden,
  value,
  options,
  onPick,
}: SelectProps<V>) {
  return (
    <Field label={label} hint={hint} error={error} {...(isLabelHidden && { isLabelHidden })}>
      {(wiring) => (
        <select {...wiring} value={value} onChange={({ target }) => onPick(target.value as V)}>
          {options.map(([option, text]) => (
            <option key={option} value={option}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

export function Checkbox({ label, className, ...input }: { readonly label: ReactNode } & ComponentProps<'input'>) {
  return (
    <label className={classes(styles.check, className)}>
      <input type="checkbox" {...input} />
      <span>{label}</span>
    </label>
  );
}
