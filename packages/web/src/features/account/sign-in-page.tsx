import { useSession } from '@nova/client/react';
import { useEffect, useState } from 'react';
import { Link } from '../../router/link.js';
import { navigate } from '../../router/location.js';
import { useTitle } from '../../router/use-page.js';
import { Button } from '../../ui/button.js';
import { TextField } from '../../ui/field.js';
import { Alert } from '../../ui/states.js';
import styles from './account.module.css';
import { useForm } from './use-form.js';

export function SignInPage() {
  const { session } = useSession();
  useEffect(() => {
    if (session !== null) navigate('/', { replace: true });
  }, [session]);
  return <SignIn lead="Good to see you again." />;
}

/** Stands where a page is that needs somebody signed in; that page comes when they are. */
export function SignIn({ lead }: { readonly lead: string }) {
  useTitle('Sign in');
  const { signIn } = useSession();
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const form = useForm(
    () => signIn({ login: login.trim(), password }),
    () => ({
      login: login.trim() === '' ? 'Enter your handle or e-mail address.' : undefined,
      password: password === '' ? 'Enter your password.' : undefined,
    }),
  );

  return (
    <div className={styles.card}>
      <h1 tabIndex={-1}>Welcome back</h1>
      <p className={styles.lead}>{lead}</p>
      <form className={styles.form} onSubmit={form.submit} noValidate>
        {form.error !== undefined && <Alert>{form.error}</Alert>}
        <TextField
          label="Handle or e-mail"
          name="login"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          value={login}
          error={form.errors['login']}
          onChange={({ target }) => setLogin(target.value)}
        />
        <TextField
          label="Password"
          name="password"
          type="password"
          autoComplete="current-password"
          value={password}
          error={form.errors['password']}
          onChange={({ target }) => setPassword(target.value)}
        />
        <Button type="submit" look="primary" isWide isBusy={form.isSending}>
          {form.isSending ? 'Signing in' : 'Sign in'}
        </Button>
      </form>
      <p className={styles.other}>
        New here? <Link to="/signup">Make an account</Link>
      </p>
    </div>
  );
}
