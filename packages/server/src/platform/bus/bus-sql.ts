/** One channel for all topics: a process that listens to few would otherwise need a LISTEN for each subscription. */
const CHANNEL = 'nova_bus';

export const LISTEN = `listen ${CHANNEL}`;

/** $1: messages. One statement and one commit however many there are. */
export const NOTIFY = `select pg_notify('${CHANNEL}', message) from unnest($1::text[]) as message`;

export const PING = 'select 1';
