import { useId } from 'react';
import { NavLink } from '../router/link.js';
import styles from './tabs.module.css';

/** Pages beside one another. */
export function PageTabs({ label, tabs }: { label: string; tabs: readonly (readonly [to: string, text: string])[] }) {
  return (
    <nav className={styles.tabs} aria-label={label}>
      {tabs.map(([to, text]) => (
        <NavLink key={to} to={to}>
          {text}
        </NavLink>
      ))}
    </nav>
  );
}

interface ChoicesProps<V extends string> {
  readonly label: string;
  readonly value: V;
  readonly options: readonly (readonly [value: V, text: string])[];
  readonly onPick: (value: V) => void;
}

/** One of a few: radio buttons, which arrows move between. */
export function Choices<V extends string>({ label, value, options, onPick }: ChoicesProps<V>) {
  const name = useId();
  return (
    <fieldset className={styles.choices}>
      <legend className="visually-hidden">{label}</legend>
      {options.map(([option, text]) => (
        <label key={option}>
          <input type="radio" name={name} checked={option === value} onChange={() => onPick(option)} />
          {text}
        </label>
      ))}
    </fieldset>
  );
}
