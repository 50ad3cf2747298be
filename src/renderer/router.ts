import { createRouter, createWebHashHistory } from 'vue-router';

export const screens = [
  'browse',
  'inspect',
  'evaluate',
  'report',
  'datasets',
  'models',
  'jobs',
  'settings',
] as const;
export type Screen = (typeof screens)[number];

export const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    { path: '/', redirect: '/browse' },
    { path: '/browse', name: 'browse', component: () => import('./views/browse/BrowseView.vue') },
    {
      path: '/inspect/:expressionId(\\d+)?',
      name: 'inspect',
      component: () => import('./views/inspect/InspectView.vue'),
    },
    { path: '/evaluate', name: 'evaluate', component: () => import('./views/evaluate/EvaluateView.vue') },
    { path: '/report', name: 'report', component: () => import('./views/report/ReportView.vue') },
    { path: '/datasets', name: 'datasets', component: () => import('./views/datasets/DatasetsView.vue') },
    { path: '/models', name: 'models', component: () => import('./views/models/ModelsView.vue') },
    { path: '/jobs', name: 'jobs', component: () => import('./views/jobs/JobsView.vue') },
    { path: '/settings', name: 'settings', component: () => import('./views/settings/SettingsView.vue') },
    { path: '/:rest(.*)*', redirect: '/browse' },
  ],
});

/** The screen that is shown; actions ask it whether they are meant. */
export function currentScreen(): Screen {
  return (router.currentRoute.value.name as Screen | undefined) ?? 'browse';
}

export function goTo(screen: Screen): Promise<unknown> {
  return router.push({ name: screen });
}

export function openExpression(expressionId: number): Promise<unknown> {
  return router.push({ name: 'inspect', params: { expressionId: String(expressionId) } });
}
