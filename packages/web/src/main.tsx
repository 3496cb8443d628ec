import { createLocalStore, createNova } from '@nova/client';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.js';
import { watchHistory } from './router/location.js';
import './ui/tokens.css';
import './ui/base.css';

const nova = createNova({ baseUrl: window.location.origin, sessionStore: createLocalStore() });
watchHistory();
const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <App nova={nova} />
  </StrictMode>,
);
