export default { home: { title: '花店' } }
