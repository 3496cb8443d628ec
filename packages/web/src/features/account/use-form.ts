import { type FormEvent, useEffect, useRef, useState } from 'react';
import { errorText, fieldErrors } from '../../text/error-text.js';

export interface UsedForm {
  readonly isSending: boolean;
  /** By path of the field. */
  readonly errors: Readonly<Record<string, string>>;
  /** What is wrong with none of the fields. */
  readonly error: string | undefined;
  /** Counts how often it went well. */
  readonly timesSent: number;
  submit(event: FormEvent<HTMLFormElement>): void;
}

/**
 * Sends a form once at a time, and keeps what was wrong until it is sent again. Focuses the first refused field.
 *
 * @param check what can be said without asking the server, by field
 */
export function useForm(
  send: () => Promise<unknown>,
  check: () => Readonly<Record<string, string | undefined>> = () => ({}),
): UsedForm {
  const [isSending, setSending] = useState(false);
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({});
  const [error, setError] = useState<string>();
  const [timesSent, setTimesSent] = useState(0);

  const sent = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (Object.keys(errors).length > 0) sent.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [errors]);

  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = event.currentTarget;
    if (isSending) return;
    sent.current = form;
    setError(undefined);
    const found = Object.entries(check()).filter((entry): entry is [string, string] => entry[1] !== undefined);
    setErrors(Object.fromEntries(found));
    if (found.length > 0) return;
    setSending(true);
    send()
      .then(
        () => setTimesSent((times) => times + 1),
        (thrown: unknown) => {
          const refused = fieldErrors(thrown);
          setErrors(refused);
          const isShown = Object.keys(refused).some((path) => form.elements.namedItem(path) !== null);
          if (!isShown) setError(errorText(thrown));
        },
      )
      .finally(() => setSending(false));
  };
  return { isSending, errors, error, timesSent, submit };
}
