import { Button, IconButton } from '../../ui/button.js';
import { Checkbox, Select, TextField } from '../../ui/field.js';
import { Icon } from '../../ui/icon.js';
import styles from './compose-dialog.module.css';
import type { WrittenPoll } from './writing.js';

const MIN_OPTIONS = 2;
const MAX_OPTIONS = 10;
const DURATIONS = [1, 3, 7, 14, 30];

interface PollFieldsProps {
  readonly poll: WrittenPoll;
  readonly errors: Readonly<Record<string, string>>;
  readonly onChange: (poll: WrittenPoll) => void;
  readonly onRemove: (() => void) | undefined;
}

export function PollFields({ poll, errors, onChange, onRemove }: PollFieldsProps) {
  const { options } = poll;
  const setOption = (at: number, text: string) =>
    onChange({ ...poll, options: options.map((option, other) => (other === at ? text : option)) });
  const durations = [...new Set([...DURATIONS, poll.days])].sort((a, b) => a - b);
  return (
    <fieldset className={styles.poll}>
      <legend className="visually-hidden">Poll</legend>
      <div className={styles.pollHead}>
        <h3>Poll</h3>
        {onRemove !== undefined && <IconButton icon="close" label="Remove the poll" onClick={onRemove} />}
      </div>
      {options.map((option, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an option is known by its place until it has words
        <div key={at} className={styles.pollOption}>
          <TextField
            label={`Option ${at + 1}`}
            name={`poll.options.${at}`}
            value={option}
            error={errors[`poll.options.${at}`]}
            onChange={({ target }) => setOption(at, target.value)}
          />
          {options.length > MIN_OPTIONS && (
            <IconButton
              icon="close"
              label={`Remove option ${at + 1}`}
              onClick={() => onChange({ ...poll, options: options.filter((_, other) => other !== at) })}
            />
          )}
        </div>
      ))}
      <div className={styles.pollFoot}>
        <Button
          look="quiet"
          isSmall
          disabled={options.length >= MAX_OPTIONS}
          onClick={() => onChange({ ...poll, options: [...options, ''] })}
        >
          <Icon name="plus" size={18} /> Add an option
        </Button>
        <Select
          label="Open for"
          value={String(poll.days)}
          options={durations.map((days) => [String(days), days === 1 ? '1 day' : `${days} days`])}
          error={errors['poll.durationSeconds']}
          onPick={(days) => onChange({ ...poll, days: Number(days) })}
        />
      </div>
      <Checkbox
        label="Several may be chosen"
        checked={poll.multiple}
        onChange={({ target }) => onChange({ ...poll, multiple: target.checked })}
      />
      <Checkbox
        label="Results are hidden from those who have not voted"
        checked={poll.hidesResults}
        onChange={({ target }) => onChange({ ...poll, hidesResults: target.checked })}
      />
    </fieldset>
  );
}
