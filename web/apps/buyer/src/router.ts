import { createRouter, createWebHistory } from 'vue-router'
import { STEPS, isTouched } from './draft/model'
import { useDraft } from './draft/store'
import { entry, huaxin } from './huaxin'

export const router = createRouter({
  history: createWebHistory(import.meta.env.BASE_URL),
  scrollBehavior: (to, from, saved) => (to.path === from.path ? false : (saved ?? { top: 0 })),
  routes: [
    { path: '/', name: 'home', component: () => import('./pages/HomePage.vue') },
    { path: '/orders', name: 'orders', component: () => import('./pages/OrdersPage.vue') },
    { path: '/orders/:id', name: 'order', component: () => import('./pages/OrderPage.vue'), props: true },
    { path: `/new/:step(${STEPS.join('|')})`, name: 'new', component: () => import('./pages/NewPage.vue'), props: true },
    { path: '/guest', name: 'guest', component: () => import('./pages/GuestPage.vue') },
    { path: '/:rest(.*)*', redirect: '/' },
  ],
})

router.beforeEach((to) => {
  // A guest sees one order and nothing else.
  if (entry.app === 'guest' && to.name !== 'guest') {
    const mine = huaxin.session.me.value?.guest_order
    if (to.name !== 'order' || (mine && to.params['id'] !== mine)) return { name: 'guest' }
  }
  if (entry.app === 'buyer' && to.name === 'guest') return { name: 'home' }
  // Going back into an order that was placed: its draft is empty, there is nothing to go on with.
  if (to.name === 'new' && to.params['step'] !== 'bouquet' && !isTouched(useDraft().draft)) return { name: 'home' }
  return true
})
