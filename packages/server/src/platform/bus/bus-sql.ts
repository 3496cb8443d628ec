/** One channel for all topics: a process that listens to few would otherwise need a LISTEN for each subscription. */
const CHANNEL = 'nova_bus';

export const LISTEN = `listen ${CHANNEL}`;

/** $1: messages. One statement and one commit however many there are. */
export const NOTIFY = `select pg_notify('${CHANNEL}', message) from unnest($1::text[]) as message`;

export const PING = 'select 1';

/** Apart from the bus: a check disturbs nobody who listens. */
const ECHO_CHANNEL = 'nova_echo';

export const LISTEN_FOR_ECHO = `listen ${ECHO_CHANNEL}`;

/** $1: what is to come back. */
export const CALL = `select pg_notify('${ECHO_CHANNEL}', $1)`;
