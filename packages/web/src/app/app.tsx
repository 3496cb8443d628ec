import type { Nova } from '@nova/client';
import { NovaProvider, useSession } from '@nova/client/react';
import { createElement } from 'react';
import { SignIn } from '../features/account/sign-in-page.js';
import { ComposeProvider } from '../features/compose/compose-provider.js';
import { usePath } from '../router/location.js';
import { firstMatch } from '../router/match.js';
import { usePageArrival } from '../router/use-page.js';
import { NoticesProvider } from '../ui/notices.js';
import { NotFoundPage } from './not-found-page.js';
import { ROUTES } from './routes.js';
import { Shell } from './shell.js';

export function App({ nova }: { readonly nova: Nova }) {
  return (
    <NovaProvider nova={nova}>
      <NoticesProvider>
        <ComposeProvider>
          <Shell>
            <CurrentPage />
          </Shell>
        </ComposeProvider>
      </NoticesProvider>
    </NovaProvider>
  );
}

function CurrentPage() {
  const path = usePath();
  const { session } = useSession();
  usePageArrival(path);
  const match = firstMatch(ROUTES, path);
  if (match === null) return <NotFoundPage />;
  const { page, isPrivate = false } = match.value;
  // At the same address: it is there when they have signed in.
  if (isPrivate && session === null) return <SignIn lead="Sign in to see this page." />;
  // Another address is another page, with nothing of the one before in it.
  return createElement(page, { key: path, params: match.params });
}
