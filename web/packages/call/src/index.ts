export { default as CallHost } from './CallHost.vue'
