export default { home: { title: 'Shop' } }
