import { useSession } from '@nova/client/react';
import { navigate } from '../../router/location.js';
import { Button, IconButton } from '../../ui/button.js';
import { Icon } from '../../ui/icon.js';
import { useNotices } from '../../ui/notices.js';

/** Signed out here at once; the notice tells when the server could not be told. */
export function SignOutButton({ isIcon = false }: { readonly isIcon?: boolean }) {
  const { signOut } = useSession();
  const { say, sayError } = useNotices();
  const leave = (): void => {
    signOut().then(() => say('You are signed out.'), sayError);
    navigate('/');
  };
  if (isIcon) return <IconButton icon="signOut" label="Sign out" onClick={leave} />;
  return (
    <Button onClick={leave}>
      <Icon name="signOut" size={18} /> Sign out
    </Button>
  );
}
