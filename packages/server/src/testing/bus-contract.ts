import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { Bus } from '../platform/bus/index.js';

/** Makes one more bus on the same medium, open: as another process would. */
export type MakeBus = () => Promise<Bus>;

/** What every bus must do, whatever carries it. */
export function busContract(name: string, makeBus: MakeBus): void {
  describe(`${name} as a bus`, () => {
    const buses: Bus[] = [];
    const open = async () => {
      const bus = await makeBus();
      buses.push(bus);
      return bus;
    };
    afterEach(async () => {
      for (const bus of buses.splice(0)) await bus.close();
    });

    /** Everything heard of a topic, until `last` is heard: messages of one sender arrive in order. */
    const hear = (bus: Bus, topic: string) => {
      const heard: (string | undefined)[] = [];
      bus.subscribe(topic, (payload) => heard.push(payload));
      return heard;
    };
    const untilHeard = (heard: readonly unknown[], last: unknown) =>
      expect.poll(() => heard.at(-1), { timeout: 10_000, interval: 5 }).toBe(last);

    it('reaches subscribers here and elsewhere, each once', async () => {
      const [here, there] = [await open(), await open()];
      const [near, far] = [hear(here, 'topic.a'), hear(there, 'topic.a')];
      here.publish('topic.a', 'one');
      here.publish('topic.a', 'last');
      await untilHeard(near, 'last');
      await untilHeard(far, 'last');
      // Messages of one sender come in order: a second copy of the first would have to be here after a later one.
      here.publish('topic.a', 'after');
      await untilHeard(near, 'after');
      await untilHeard(far, 'after');
      expect(near).toEqual(['one', 'last', 'after']);
      expect(far).toEqual(['one', 'last', 'after']);
    });

    it('keeps topics apart and carries any text', async () => {
      const [here, there] = [await open(), await open()];
      const [a, b] = [hear(there, 'topic.a'), hear(there, 'topic.b')];
      const odd = ' two  spaces, "quotes", \\ {braces}, NULL, \n and 🙂 ';
      here.publish('topic.a', odd);
      here.publish('topic.a', '');
      here.publish('topic.a');
      here.publish('topic.b', 'end');
      await untilHeard(b, 'end');
      expect(a).toEqual([odd, '', undefined]);
      expect(b).toEqual(['end']);
    });

    it('joins equal messages of one moment', async () => {
      const [here, there] = [await open(), await open()];
      const [near, far] = [hear(here, 'topic.a'), hear(there, 'topic.a')];
      for (let count = 0; count < 500; count += 1) here.publish('topic.a', `${count % 2}`);
      here.publish('topic.a', 'end');
      await untilHeard(far, 'end');
      await untilHeard(near, 'end');
      expect(near).toEqual(['0', '1', 'end']);
      expect(far).toEqual(['0', '1', 'end']);
    });

    it('delivers after the last of equal messages, not only after the first', async () => {
      const bus = await open();
      let state = 0;
      let seen = -1;
      bus.subscribe('topic.a', () => {
        seen = state;
      });
      for (state = 1; state < 2_000; state += 1) {
        bus.publish('topic.a');
        if (state % 100 === 0) await delay(1);
      }
      await expect.poll(() => seen, { timeout: 10_000, interval: 5 }).toBe(state);
    });

    it('sends without its content what is too long or cannot be sent', async () => {
      const [here, there] = [await open(), await open()];
      const [near, far] = [hear(here, 'topic.a'), hear(there, 'topic.a')];
      const end = hear(there, 'topic.end');
      here.publish('topic.a', 'x'.repeat(100_000));
      here.publish('topic.end', '1');
      await untilHeard(end, '1');
      here.publish('topic.a', 'with \0 inside');
      here.publish('topic.end', '2');
      await untilHeard(end, '2');
      expect(far).toEqual([undefined, undefined]);
      expect(near).toEqual([undefined, undefined]);
    });

    it('spares subscribers the failure of another', async () => {
      const [here, there] = [await open(), await open()];
      there.subscribe('topic.a', () => {
        throw new Error('a subscriber failed');
      });
      const far = hear(there, 'topic.a');
      here.publish('topic.a', 'end');
      await untilHeard(far, 'end');
    });

    it('ends a subscription, and only that one', async () => {
      const [here, there] = [await open(), await open()];
      const dropped: unknown[] = [];
      const unsubscribe = there.subscribe('topic.a', (payload) => dropped.push(payload));
      const kept = hear(there, 'topic.a');
      unsubscribe();
      unsubscribe();
      here.publish('topic.a', 'end');
      await untilHeard(kept, 'end');
      expect(dropped).toEqual([]);
    });

    it('sends what was published just before it closed', async () => {
      const [here, there] = [await open(), await open()];
      const far = hear(there, 'topic.a');
      here.publish('topic.a', 'farewell');
      await here.close();
      here.publish('topic.a', 'too late');
      await untilHeard(far, 'farewell');
      await here.close();
    });

    it('refuses a topic that is none', async () => {
      const bus = await open();
      for (const topic of ['', 'With Space', 'x'.repeat(101)]) {
        expect(() => bus.publish(topic)).toThrow(RangeError);
        expect(() => bus.subscribe(topic, () => {})).toThrow(RangeError);
      }
    });
  });
}
