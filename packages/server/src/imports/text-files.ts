import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { ImportFormatError } from './import-format-error.js';
import type { Place } from './import-report.js';

export interface Line extends Place {
  readonly text: string;
}

/** UTF-16 units. Posts have 5,000 at the most: what is longer is not text, and would be gathered whole. */
const MAX_LINE = 1_000_000;

/** Text files read as one, line by line. Only `\n` ends a line: texts may hold every other separator of Unicode. */
export class TextFiles {
  readonly #dir: string;
  readonly #files: readonly string[];
  readonly #size: number;
  #read = 0;

  private constructor(dir: string, files: readonly string[], size: number) {
    this.#dir = dir;
    this.#files = files;
    this.#size = size;
  }

  /** @param files below `dir`; refusals name them in this form */
  static async open(dir: string, files: readonly string[]): Promise<TextFiles> {
    const stats = await Promise.all(files.map((file) => stat(path.join(dir, file))));
    const empty = files.find((_, index) => stats[index]?.isFile() && stats[index].size === 0);
    if (empty !== undefined) throw new ImportFormatError(`${empty} is empty`);
    return new TextFiles(
      dir,
      files,
      stats.reduce((sum, { size }) => sum + size, 0),
    );
  }

  /** 0 to 1: how much has been read. A pipe has no size, and stays at 0. */
  get share(): number {
    return this.#size === 0 ? 0 : Math.min(this.#read / this.#size, 1);
  }

  async *lines(): AsyncGenerator<Line> {
    for (const file of this.#files) {
      let line = 0;
      for await (const text of this.#linesOf(file)) yield { file, line: ++line, text };
    }
  }

  async *#linesOf(file: string): AsyncGenerator<string> {
    const decoder = new TextDecoder();
    let rest = '';
    for await (const chunk of createReadStream(path.join(this.#dir, file)) as AsyncIterable<Buffer>) {
      this.#read += chunk.length;
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > MAX_LINE) throw new ImportFormatError(`${file} has a line of more than ${MAX_LINE} characters`);
      for (const text of lines) yield withoutReturn(text);
    }
    if (rest !== '') yield withoutReturn(rest);
  }
}

function withoutReturn(text: string): string {
  return text.endsWith('\r') ? text.slice(0, -1) : text;
}
