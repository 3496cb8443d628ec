import { useNova, usePages, useSession } from '@nova/client/react';
import { Avatar } from '../../ui/avatar.js';
import { Button, IconButton } from '../../ui/button.js';
import { Page, Sheet } from '../../ui/page.js';
import { EmptyState } from '../../ui/states.js';
import { useMe } from '../account/use-me.js';
import { WelcomePage } from '../account/welcome-page.js';
import { useCompose } from '../compose/compose-provider.js';
import { PostList } from '../post/post-list.js';
import styles from './home-page.module.css';

export function HomePage() {
  const { session } = useSession();
  return session === null ? <WelcomePage /> : <Home />;
}

const PAGE_SIZE = 20;

function Home() {
  const { feed } = useNova();
  const pages = usePages(feed.readHomeFeed, { limit: PAGE_SIZE });
  const compose = useCompose();
  return (
    <Page
      title="Home"
      actions={
        <IconButton icon="refresh" label="Refresh" disabled={pages.isLoading} onClick={() => void pages.refresh()} />
      }
    >
      <Sheet>
        <Prompt />
        <PostList
          pages={pages}
          label="Home feed"
          empty={
            <EmptyState
              icon="followers"
              title="Your feed begins here"
              action={
                <Button look="primary" onClick={() => compose.write()}>
                  Write your first post
                </Button>
              }
            >
              It shows what you write, and what the people write whom you follow.
            </EmptyState>
          }
        />
      </Sheet>
    </Page>
  );
}

/** Looks like the field that it opens. */
function Prompt() {
  const { data: me } = useMe();
  const compose = useCompose();
  return (
    <div className={styles.prompt}>
      {me !== undefined && <Avatar user={me} />}
      <button type="button" onClick={() => compose.write()}>
        What is on your mind?
      </button>
    </div>
  );
}
