export default { home: { title: 'Huaxin' } }
