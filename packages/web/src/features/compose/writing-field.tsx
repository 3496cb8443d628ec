import { useId } from 'react';
import { draftSegments, lengthOf } from '../../text/segments.js';
import { classes } from '../../ui/classes.js';
import { MAX_BODY } from './check-post.js';
import styles from './writing-field.module.css';

interface WritingFieldProps {
  readonly label: string;
  readonly body: string;
  readonly error: string | undefined;
  readonly onWrite: (body: string) => void;
  readonly placeholder?: string;
  readonly max?: number;
}

/** From here on the counter is read out, too. */
const NEAR_THE_END = 100;

/** A text with its hashtags and mentions marked while it is written. It grows with what is in it. */
export function WritingField({ label, body, error, onWrite, placeholder, max = MAX_BODY }: WritingFieldProps) {
  const id = useId();
  const left = max - lengthOf(body);
  return (
    <div className={styles.field}>
      <label htmlFor={id} className="visually-hidden">
        {label}
      </label>
      <div className={styles.layers}>
        <div className={styles.marked} aria-hidden="true" dir="auto">
          <Marked body={body} />
        </div>
        <textarea
          id={id}
          name="body"
          dir="auto"
          value={body}
          placeholder={placeholder}
          aria-describedby={`${id}-said`}
          aria-invalid={error === undefined ? undefined : true}
          onChange={({ target }) => onWrite(target.value)}
        />
      </div>
      <p id={`${id}-said`} className={styles.below}>
        <span className={styles.error}>{error}</span>
        <span
          className={classes(styles.count, left < 0 && styles.over)}
          role={left <= NEAR_THE_END ? 'status' : undefined}
        >
          {left < 0 ? `${-left} too many` : `${left} left`}
        </span>
      </p>
    </div>
  );
}

function Marked({ body }: { readonly body: string }) {
  let at = 0;
  return (
    <>
      {draftSegments(body).map(({ text, isMarked }) => {
        at += text.length;
        return isMarked ? <mark key={at}>{text}</mark> : text;
      })}
      {/* A line that is empty has its height all the same. */}
      {'\n'}
    </>
  );
}
