import type { Session } from '@nova/client';
import { useMutation, useNova, usePages } from '@nova/client/react';
import { fullTime } from '../../text/relative-time.js';
import { Button } from '../../ui/button.js';
import { useNotices } from '../../ui/notices.js';
import { rows } from '../../ui/page.js';
import { PagedList } from '../../ui/paged-list.js';
import { deviceOf } from './device.js';
import styles from './settings.module.css';
import { SettingsPage } from './settings-page.js';

export function SessionsPage() {
  const { identity } = useNova();
  const pages = usePages(identity.listSessions, { limit: 20 });
  return (
    <SettingsPage title="Sessions">
      <PagedList pages={pages} label="Sessions" keyOf={({ id }) => id} className={rows} empty={null}>
        {(session) => <SessionRow session={session} />}
      </PagedList>
    </SettingsPage>
  );
}

function SessionRow({ session: { id, userAgent, createdAt, current } }: { readonly session: Session }) {
  const { identity } = useNova();
  const { say, sayError } = useNotices();
  const revoke = useMutation(identity.revokeSession, {
    ahead: (ahead, { sessionId }) =>
      ahead.changeItems(identity.listSessions, (item) => (item.id === sessionId ? null : item)),
    invalidates: [identity.listSessions],
  });
  const end = (): void => {
    revoke.run({ sessionId: id }).then(() => say('The session has ended.'), sayError);
  };
  return (
    <div className={styles.row}>
      <div>
        <p>
          {deviceOf(userAgent)}
          {current && <span className={styles.here}>This one</span>}
        </p>
        <p>Signed in on {fullTime(createdAt)}</p>
      </div>
      {!current && (
        <Button isSmall look="danger" isBusy={revoke.isRunning} aria-label={`End ${deviceOf(userAgent)}`} onClick={end}>
          End
        </Button>
      )}
    </div>
  );
}
