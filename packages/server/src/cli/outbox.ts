import { defineCommand } from 'citty';
import type { BlockedKey, ConsumerStatus, OutboxStatus } from '../platform/outbox/index.js';
import { withNova } from './open-nova.js';
import { run } from './run.js';
import { createTerminal, table } from './terminal.js';
import { UsageError, wholeNumber } from './usage-error.js';

const status = defineCommand({
  meta: { name: 'status', description: 'Tell how far each consumer is, and which events failed and why' },
  run: () =>
    run(() =>
      withNova(async ({ consumers }) => {
        const terminal = createTerminal();
        for (const line of linesOf(await consumers.status())) terminal.line(line);
      }),
    ),
});

const MAX_EVENT_ID = 999_999_999_999_999;

const retry = defineCommand({
  meta: { name: 'retry', description: 'Have events that were given up handled again, and then those behind them' },
  args: {
    consumer: { type: 'string', description: 'Of this consumer; of all if not given' },
    event: { type: 'string', description: 'This event; all if not given' },
  },
  run: ({ args: { consumer, event } }) =>
    run(async () => {
      const eventId = event === undefined ? undefined : wholeNumber('event', event, 1, MAX_EVENT_ID);
      await withNova(async ({ consumers }) => {
        const released = await consumers.retrySetAside({ consumer, eventId });
        createTerminal().line(`Events that are due again: ${released.toLocaleString('en')}`);
      });
    }),
});

const forget = defineCommand({
  meta: { name: 'forget', description: 'Drop what only another version runs, when that version is not coming back' },
  args: {
    consumer: { type: 'positional', required: true, description: 'A consumer, with its place and its failed events' },
    type: { type: 'string', description: 'Only that it wants this type: this version then runs it again' },
  },
  run: ({ args: { consumer, type } }) =>
    run(() =>
      withNova(async ({ consumers }) => {
        const forgotten = await (type === undefined
          ? consumers.forget(consumer)
          : consumers.forgetType(consumer, type));
        if (!forgotten) throw new UsageError(`no ${[consumer, type].filter(Boolean).join(' that wants ')} is known`);
        createTerminal().line(`Forgotten: ${[consumer, type].filter(Boolean).join(' ')}`);
      }),
    ),
});

export const outbox = defineCommand({
  meta: { name: 'outbox', description: 'Look at what happens after a change, and help it on' },
  subCommands: { status, retry, forget },
});

function linesOf({ level, consumers, backlog, blocked }: OutboxStatus): string[] {
  const { waiting, limit } = backlog;
  const head = ['consumer', 'health', 'place', 'events behind', 'seconds behind', 'set aside', 'given up'];
  return [
    `${level}: about ${waiting.toLocaleString('en')} of at most ${limit.toLocaleString('en')} events wait`,
    '',
    table([head, ...consumers.map(rowOf)]),
    ...consumers.flatMap(noteOn),
    ...blocked.flatMap(describeBlocked),
  ];
}

function rowOf({ consumer, level, place, behind, oldestAgeMs, setAside, givenUp }: ConsumerStatus): string[] {
  const counts = [behind, Math.round(oldestAgeMs / 1_000), setAside, givenUp].map((count) =>
    count.toLocaleString('en'),
  );
  return [consumer, level, `${place.xid}/${place.id}`, ...counts];
}

function noteOn({ consumer, known, unknownTypes }: ConsumerStatus): string[] {
  if (!known) return ['', `${consumer} is not of this version`];
  if (unknownTypes.length === 0) return [];
  return ['', `${consumer} is left to a version that knows ${unknownTypes.join(', ')}`];
}

function describeBlocked({
  consumer,
  tenantId,
  key,
  id,
  type,
  attempts,
  error,
  retryAt,
  behind,
}: BlockedKey): string[] {
  const next = retryAt === null ? 'given up' : `next try ${retryAt}`;
  return [
    '',
    `event ${id} ${type} of tenant ${tenantId}, for ${consumer}: tried ${attempts} times, ${next}`,
    `  ${behind} behind it wait for the key ${key}`,
    `  ${error.replaceAll(/\s+/g, ' ')}`,
  ];
}
