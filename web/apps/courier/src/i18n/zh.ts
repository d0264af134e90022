export default { home: { title: '今天的站点' } }
