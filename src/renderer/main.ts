import './without-eval';
import '@fontsource-variable/inter/index.css';
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import { registerAllActions } from './actions/registry';
import App from './App.vue';
import { router } from './router';
import { routes } from './routes';
import { useNotices } from './stores/notices';
import { followTheme } from './stores/theme';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/layout.css';

const app = createApp(App);
const pinia = createPinia();
app.use(pinia);

// Whatever a view does not handle itself ends as a notice: nothing fails without a word.
const notices = useNotices(pinia);
app.config.errorHandler = (thrown) => notices.failure(thrown);
window.addEventListener('unhandledrejection', (event) => {
  event.preventDefault();
  notices.failure(event.reason);
});

followTheme();
registerAllActions();
for (const route of routes) router.addRoute(route);
app.use(router);
app.mount('#workbench');
