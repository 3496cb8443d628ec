/** Which part of Nova may import which. The reasons are in ARCHITECTURE.md. */

const src = '^packages/server/src';
const tests = '\\.test\\.ts$|^packages/[^/]+/src/testing/';
/** What wires the parts together: app.ts, serve.ts, main.ts and whatever else stands beside the folders. */
const wiring = `${src}/[^/]+\\.ts$`;

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycle',
      comment: 'Modules that import one another cannot be understood, tested or moved one at a time.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'domain-door',
      comment: 'A domain is entered through its index.ts only.',
      severity: 'error',
      from: { path: `${src}/domains/([^/]+)/` },
      to: { path: `${src}/domains/[^/]+/`, pathNot: [`${src}/domains/$1/`, `${src}/domains/[^/]+/index\\.ts$`] },
    },
    {
      name: 'domain-door-from-outside',
      comment: 'Whatever is outside the domains enters one through its index.ts only.',
      severity: 'error',
      from: { pathNot: `${src}/domains/` },
      to: { path: `${src}/domains/[^/]+/`, pathNot: `${src}/domains/[^/]+/index\\.ts$` },
    },
    {
      name: 'app-alone-sees-the-domains',
      comment: 'app.ts hands on what others need of the domains; tests may take one by itself.',
      severity: 'error',
      from: { pathNot: `${src}/domains/|${src}/app\\.ts$|${tests}` },
      to: { path: `${src}/domains/` },
    },
    {
      name: 'platform-is-the-bottom',
      comment: 'The platform serves every domain and knows none.',
      severity: 'error',
      from: { path: `${src}/platform/`, pathNot: tests },
      to: { path: `${src}/(domains|transports|imports|cli)/|${wiring}` },
    },
    {
      name: 'transports-know-no-domain',
      comment: 'app.ts hands the bindings of the domains to the transports.',
      severity: 'error',
      from: { path: `${src}/transports/`, pathNot: tests },
      to: { path: `${src}/(domains|imports|cli)/|${wiring}` },
    },
    {
      name: 'domains-know-no-entry',
      comment: 'A domain is wired from outside; it never reaches for a transport, the importers or the command line.',
      severity: 'error',
      from: { path: `${src}/domains/`, pathNot: tests },
      to: { path: `${src}/(transports|imports|cli)/|${wiring}` },
    },
    {
      name: 'app-is-the-top',
      comment: 'Only the entry points and tests build the whole application.',
      severity: 'error',
      from: { pathNot: `${src}/main\\.ts$|${src}/cli/|${tests}` },
      to: { path: `${src}/app\\.ts$` },
    },
    {
      name: 'environment-is-read-once',
      comment: 'Settings come in through the validated configuration, not from the environment.',
      severity: 'error',
      from: { pathNot: `${src}/main\\.ts$|${src}/cli/|${src}/config/|${tests}` },
      to: { path: `${src}/config/env\\.ts$` },
    },
    {
      name: 'acceptance-is-black-box',
      comment: 'Acceptance specs talk to the server over the wire, like any client.',
      severity: 'error',
      from: { path: '^acceptance/' },
      to: { path: '^packages/server/' },
    },
    {
      name: 'client-is-a-client',
      comment: 'The client knows the server by its OpenAPI document only; its tests start a real one.',
      severity: 'error',
      from: { path: '^packages/client/', pathNot: tests },
      to: { path: '^packages/(?!client/)|^acceptance/' },
    },
    {
      name: 'client-runs-anywhere',
      comment: 'The same code runs in browsers, where there is no module of Node.',
      severity: 'error',
      from: { path: '^packages/client/src/', pathNot: tests },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'react-is-apart',
      comment: 'Only who imports @nova/client/react needs React.',
      severity: 'error',
      from: { path: '^packages/client/src/(?!react/)', pathNot: tests },
      to: { path: '^packages/client/src/react/|node_modules/react/' },
    },
    {
      name: 'web-uses-the-public-client',
      comment: 'The web app is what any app can be: it enters the client by its package and nothing else of Nova.',
      severity: 'error',
      from: { path: '^packages/web/', pathNot: tests },
      to: { path: '^packages/(?!web/|client/src/(index|react/index|generated/operations)\\.ts$|client/dist/)' },
    },
    {
      name: 'tests-are-not-imported',
      comment: 'What is built does not contain the tests.',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/', pathNot: tests },
      to: { path: tests },
    },
    {
      name: 'declared-dependencies',
      comment: 'What is built imports only what its own package.json declares.',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/', pathNot: tests },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'unknown'], dependencyTypesNot: ['npm-peer'] },
    },
    {
      name: 'resolvable',
      comment: 'Every import leads to a file.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-orphan',
      comment: 'A module that imports nothing and that nothing imports is dead.',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: ['^\\.dependency-cruiser\\.cjs$', '\\.test\\.ts$', '\\.d\\.ts$', '/testing/global-setup\\.ts$'],
      },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules'] },
    exclude: { path: ['/dist/', '/node_modules/\\.'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.tests.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.mjs', '.js', '.json'],
    },
  },
};
