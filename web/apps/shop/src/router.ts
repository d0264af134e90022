import { createRouter, createWebHistory } from 'vue-router'

/** The board is one page: the same component stays while orders are opened and closed, so that nothing is drawn twice. */
const board = () => import('./pages/BoardPage.vue')

export const router = createRouter({
  history: createWebHistory(import.meta.env.BASE_URL),
  routes: [
    { path: '/', name: 'board', component: board },
    { path: '/orders/:id', name: 'order', component: board },
    { path: '/catalogue', name: 'catalogue', component: () => import('./pages/CataloguePage.vue') },
    { path: '/making', name: 'making', component: () => import('./pages/MakingPage.vue') },
    { path: '/:rest(.*)*', redirect: '/' },
  ],
})
