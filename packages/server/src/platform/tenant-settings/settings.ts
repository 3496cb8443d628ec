import type { Static, TSchema } from 'typebox';

/** One thing that tenants may set for themselves. */
export interface TenantSetting<S extends TSchema = TSchema> {
  /** A boolean, an integer, a string, or one of these or null; with limits. */
  readonly schema: S;
  readonly default: Static<S>;
  /** For the reference pages. */
  readonly description: string;
  /** `tenant`: its own backends (`PATCH /tenant`); `operator`: the deployment's command line only. */
  readonly changedBy: 'tenant' | 'operator';
}

/** The settings of one domain. */
export interface SettingGroup<
  D extends Readonly<Record<string, TenantSetting>> = Readonly<Record<string, TenantSetting>>,
> {
  /** Its place in the document. */
  readonly name: string;
  readonly settings: D;
}

export type SettingValues<G> =
  G extends SettingGroup<infer D>
    ? { readonly [K in keyof D]: D[K] extends TenantSetting<infer S> ? Static<S> : never }
    : never;

type Declared<S extends Readonly<Record<string, TSchema>>> = {
  readonly [K in keyof S]: TenantSetting<S[K]> & { readonly schema: S[K] };
};

/** Declares the settings of a domain; `app.ts` puts the groups together. */
export function defineTenantSettings<const S extends Readonly<Record<string, TSchema>>>(
  name: string,
  settings: Declared<S>,
): SettingGroup<{ readonly [K in keyof S]: TenantSetting<S[K]> }> {
  return { name, settings };
}

/** The settings of any tenant, from memory; a change shows within a second on every process. */
export interface TenantSettings {
  of<G extends SettingGroup>(tenantId: string, group: G): Promise<SettingValues<G>>;
}
