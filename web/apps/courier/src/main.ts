import '@huaxin/ui/theme.css'
import './courier.css'
import { createPinia } from 'pinia'
import { keepInStep } from '@huaxin/sync'
import { createApp } from 'vue'
import { registerSW } from 'virtual:pwa-register'
import App from './App.vue'
import { huaxin, words } from './huaxin'
import { router } from './router'

void huaxin.start()
keepInStep(huaxin, router)
createApp(App).use(createPinia()).use(words).use(huaxin).use(router).mount('#app')
registerSW({ immediate: true })
