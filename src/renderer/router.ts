/** Where the person is, and the ways to go elsewhere. The views themselves are added by main.ts (routes.ts). */
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

export const router = createRouter({ history: createWebHashHistory(), routes: [] });

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
