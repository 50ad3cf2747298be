import './without-eval';
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import App from './App.vue';
import { router } from './router';
import { useNotices } from './stores/notices';
import { followTheme } from './stores/theme';
import './styles/tokens.css';
import './styles/base.css';

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
app.use(router);
app.mount('#workbench');
