export { answerWithPage, registerWeb } from './serve-web.js';
export { readWebFiles, WEB_DIRECTORY, type WebFiles } from './web-files.js';
