export default { home: { title: '花信' } }
