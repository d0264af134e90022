import { createRouter, createWebHistory } from 'vue-router'

export const router = createRouter({
  history: createWebHistory(import.meta.env.BASE_URL),
  routes: [
    { path: '/', name: 'home', component: () => import('./pages/HomePage.vue') },
    { path: '/orders/:id', name: 'talk', component: () => import('./pages/TalkPage.vue'), props: true },
    { path: '/map', name: 'map', component: () => import('./pages/MapPage.vue') },
    { path: '/:rest(.*)*', redirect: '/' },
  ],
})
