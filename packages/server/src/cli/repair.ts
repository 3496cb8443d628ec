import { defineCommand } from 'citty';
import { withNova } from './open-nova.js';
import { run } from './run.js';
import { createTerminal, table } from './terminal.js';

const counts = defineCommand({
  meta: {
    name: 'counts',
    description: 'Recompute followers, likes, hashtag counts and popular posts; Nova may go on running',
  },
  run: () =>
    run(() =>
      withNova(async (nova) => {
        const interrupted = new AbortController();
        process.once('SIGINT', () => interrupted.abort());
        const rows = [['', 'checked', 'repaired']];
        for (const [name, repair] of Object.entries(nova.repairs)) {
          const { checked, repaired } = await repair(interrupted.signal);
          rows.push([name, checked.toLocaleString('en'), repaired.toLocaleString('en')]);
        }
        createTerminal().line(table(rows));
      }),
    ),
});

export const repair = defineCommand({
  meta: { name: 'repair', description: 'Put right what is derived' },
  subCommands: { counts },
});
