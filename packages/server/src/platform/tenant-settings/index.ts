export { createSettingsRegistry, type Overrides, type SettingsRegistry } from './registry.js';
export {
  defineTenantSettings,
  type SettingGroup,
  type SettingValues,
  type TenantSettings,
} from './settings.js';
