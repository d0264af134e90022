import '@huaxin/ui/theme.css'
import './buyer.css'
import { createApp } from 'vue'
import { registerSW } from 'virtual:pwa-register'
import App from './App.vue'
import { huaxin, words } from './huaxin'
import { router } from './router'

void huaxin.start()
createApp(App).use(words).use(huaxin).use(router).mount('#app')
registerSW({ immediate: true })
