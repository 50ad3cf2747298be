/** Which view each screen is. Apart from router.ts, so that views can import the ways to go somewhere. */
import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [
  { path: '/', redirect: '/browse' },
  { path: '/browse', name: 'browse', component: () => import('./views/browse/BrowseView.vue') },
  {
    path: '/inspect/:expressionId(\\d+)?',
    name: 'inspect',
    component: () => import('./views/inspect/InspectView.vue'),
  },
  {
    path: '/evaluate/:section?',
    name: 'evaluate',
    component: () => import('./views/evaluate/EvaluateView.vue'),
  },
  { path: '/report', name: 'report', component: () => import('./views/report/ReportView.vue') },
  { path: '/datasets', name: 'datasets', component: () => import('./views/datasets/DatasetsView.vue') },
  { path: '/models', name: 'models', component: () => import('./views/models/ModelsView.vue') },
  { path: '/jobs', name: 'jobs', component: () => import('./views/jobs/JobsView.vue') },
  { path: '/settings', name: 'settings', component: () => import('./views/settings/SettingsView.vue') },
  { path: '/:rest(.*)*', redirect: '/browse' },
];
