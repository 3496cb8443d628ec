/** A process of its own around the static server: it gets the answer by message and tells its address. */
import { type StaticAnswer, startStaticServer } from './static-server.js';

process.once('message', (answer: StaticAnswer) => {
  startStaticServer(answer).then(
    ({ url }) => process.send?.({ url }),
    (error: Error) => process.send?.({ error: error.message }),
  );
});
// The parent's end, however it comes, is this process' end.
process.once('disconnect', () => process.exit());
