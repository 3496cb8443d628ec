import { useSession } from '@nova/client/react';
import { useEffect, useState } from 'react';
import { Link } from '../../router/link.js';
import { navigate } from '../../router/location.js';
import { useTitle } from '../../router/use-page.js';
import { Button } from '../../ui/button.js';
import { TextField } from '../../ui/field.js';
import { Alert } from '../../ui/states.js';
import styles from './account.module.css';
import { checkAccount } from './check-account.js';
import { useForm } from './use-form.js';

export function SignUpPage() {
  useTitle('Sign up');
  const { session, signUp } = useSession();
  const [account, setAccount] = useState({ displayName: '', handle: '', email: '', password: '' });
  const form = useForm(
    () => {
      const { displayName, handle, email, password } = account;
      const name = displayName.trim();
      return signUp({
        handle: handle.trim(),
        email: email.trim(),
        password,
        ...(name === '' ? {} : { displayName: name }),
      });
    },
    () => checkAccount(account),
  );
  useEffect(() => {
    if (session !== null) navigate('/', { replace: true });
  }, [session]);
  const field = (name: keyof typeof account) => ({
    name,
    value: account[name],
    error: form.errors[name],
    onChange: ({ target }: { readonly target: HTMLInputElement }) => setAccount({ ...account, [name]: target.value }),
  });

  return (
    <div className={styles.card}>
      <h1 tabIndex={-1}>Make an account</h1>
      <p className={styles.lead}>It takes a name, an address and a password.</p>
      <form className={styles.form} onSubmit={form.submit} noValidate>
        {form.error !== undefined && <Alert>{form.error}</Alert>}
        <TextField
          label="Name"
          hint="What people read. You can change it."
          autoComplete="name"
          {...field('displayName')}
        />
        <TextField
          label="Handle"
          hint="3 to 30 letters a to z, digits and _. People find and mention you by it."
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          {...field('handle')}
        />
        <TextField
          label="E-mail"
          type="email"
          hint="Shown to nobody."
          autoComplete="email"
          required
          {...field('email')}
        />
        <TextField
          label="Password"
          type="password"
          hint="8 characters or more."
          autoComplete="new-password"
          required
          {...field('password')}
        />
        <Button type="submit" look="primary" isWide isBusy={form.isSending}>
          {form.isSending ? 'Making your account' : 'Sign up'}
        </Button>
      </form>
      <p className={styles.other}>
        Here before? <Link to="/signin">Sign in</Link>
      </p>
    </div>
  );
}
