import type { Me } from '@nova/client';
import { useMutation, useNova } from '@nova/client/react';
import { useState } from 'react';
import { lengthOf } from '../../text/segments.js';
import { Button } from '../../ui/button.js';
import { TextArea, TextField } from '../../ui/field.js';
import { Alert, Done, ErrorState, Skeleton } from '../../ui/states.js';
import { useForm } from '../account/use-form.js';
import { useMe } from '../account/use-me.js';
import styles from './settings.module.css';
import { SettingsPage } from './settings-page.js';

const MAX_BIO = 500;

export function EditProfilePage() {
  const { data: me, error, refresh } = useMe();
  return (
    <SettingsPage title="Settings">
      {me !== undefined && <ProfileForm me={me} />}
      {me === undefined && error === null && <Skeleton rows={2} />}
      {me === undefined && error !== null && <ErrorState error={error} onRetry={() => void refresh()} />}
    </SettingsPage>
  );
}

function ProfileForm({ me }: { readonly me: Me }) {
  const { identity } = useNova();
  const [displayName, setDisplayName] = useState(me.displayName);
  const [bio, setBio] = useState(me.bio);
  const update = useMutation(identity.updateProfile, { invalidates: [identity.getMe, identity.getUserByHandle] });
  const form = useForm(
    () => update.run({ displayName: displayName.trim(), bio }),
    () => ({
      displayName: displayName.trim() === '' ? 'Enter a name.' : undefined,
      bio: lengthOf(bio) > MAX_BIO ? `${lengthOf(bio) - MAX_BIO} characters too many.` : undefined,
    }),
  );
  const isSaved = form.timesSent > 0 && displayName.trim() === me.displayName && bio === me.bio;
  return (
    <form className={styles.form} onSubmit={form.submit} noValidate>
      {form.error !== undefined && <Alert>{form.error}</Alert>}
      <TextField
        label="Name"
        name="displayName"
        autoComplete="name"
        value={displayName}
        error={form.errors['displayName']}
        onChange={({ target }) => setDisplayName(target.value)}
      />
      <TextArea
        label="About you"
        name="bio"
        hint={`${MAX_BIO - lengthOf(bio)} characters left`}
        value={bio}
        error={form.errors['bio']}
        onChange={({ target }) => setBio(target.value)}
      />
      <p>
        Your handle is <strong>@{me.handle}</strong>
        {me.email !== null && (
          <>
            , your address <strong>{me.email}</strong>
          </>
        )}
        .
      </p>
      <Button type="submit" look="primary" isBusy={form.isSending}>
        Save
      </Button>
      {isSaved && <Done>Saved.</Done>}
    </form>
  );
}
