import Type from 'typebox';
import { MAX_CUSTOM_BYTES, MAX_CUSTOM_DEPTH } from './limits.js';

/** Names that would reach the prototype of whoever copies the object field by field. */
const FORBIDDEN_NAMES = new Set(['__proto__', 'constructor', 'prototype']);

export type Custom = Readonly<Record<string, unknown>>;

/** Data of the app itself: kept and given back, never looked into. */
export const Custom = Type.Refine(
  Type.Record(Type.String(), Type.Unknown(), {
    description: `JSON object of your own: ${MAX_CUSTOM_BYTES / 1024} KB, ${MAX_CUSTOM_DEPTH} levels`,
  }),
  (value) => flawOfCustom(value) === null,
  (value) => flawOfCustom(value) ?? '',
);

/** Why it cannot be kept; null when it can. */
function flawOfCustom(value: unknown): string | null {
  // First, as what comes after goes down into it.
  const flaw = flawOfValue(value, 1);
  if (flaw !== null) return flaw;
  return Buffer.byteLength(JSON.stringify(value)) > MAX_CUSTOM_BYTES
    ? `must not be larger than ${MAX_CUSTOM_BYTES} bytes as JSON`
    : null;
}

function flawOfValue(value: unknown, depth: number): string | null {
  // JSON has no infinity: JSON.parse makes one of 1e400, and JSON.stringify null of that.
  if (typeof value === 'number') return Number.isFinite(value) ? null : 'must not hold numbers beyond 1.8e308';
  if (typeof value === 'string') return flawOfText(value);
  if (typeof value !== 'object' || value === null) return null;
  if (depth > MAX_CUSTOM_DEPTH) return `must not be deeper than ${MAX_CUSTOM_DEPTH} levels`;
  for (const [name, inner] of Object.entries(value)) {
    if (FORBIDDEN_NAMES.has(name)) return `must not hold a field named ${name}`;
    const flaw = flawOfText(name) ?? flawOfValue(inner, depth + 1);
    if (flaw !== null) return flaw;
  }
  return null;
}

/** PostgreSQL stores neither. */
function flawOfText(text: string): string | null {
  return text.includes('\0') || !text.isWellFormed() ? 'must hold well-formed Unicode without the NUL character' : null;
}
