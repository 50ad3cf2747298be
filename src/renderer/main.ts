import './without-eval';
import '@fontsource-variable/inter/index.css';
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import { nowhere } from '../common/contract';
import { registerAllActions } from './actions/registry';
import { api } from './api/client';
import App from './App.vue';
import { router } from './router';
import { routes } from './routes';
import { useNotices } from './stores/notices';
import { followTheme } from './stores/theme';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/layout.css';

/** Where the person was, and why the window begins anew. Known to the main process, so it is there at once. */
async function before() {
  try {
    return await api.app.place({});
  } catch {
    return { place: nowhere, crash: null, tour: false };
  }
}

async function start() {
  const { place, crash, tour } = await before();
  const app = createApp(App, { place, tour });
  const pinia = createPinia();
  app.use(pinia);

  // Whatever a view does not handle itself ends as a notice: nothing fails without a word.
  const notices = useNotices(pinia);
  app.config.errorHandler = (thrown) => notices.failure(thrown);
  window.addEventListener('unhandledrejection', (event) => {
    event.preventDefault();
    notices.failure(event.reason);
  });
  if (crash) notices.push({ tone: 'warning', ...crash });

  followTheme();
  registerAllActions();
  for (const route of routes) router.addRoute(route);
  const isFresh = location.hash === '' || location.hash === '#/';
  app.use(router);
  if (isFresh && place.route) void router.replace(place.route);
  app.mount('#workbench');
}

void start();
