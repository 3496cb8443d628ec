export { type Config, describeConfig, loadConfig } from './config.js';
export { ConfigurationError, type ConfigurationProblem } from './configuration-error.js';
export { type Environment, readEnvironment } from './env.js';
export { renderConfigurationReference } from './reference.js';
export { Secret } from './secrets.js';
