// A look at a screen counts when the screen stood still while it was looked at.
// Answers what axe finds, and whether anything on the screen changed meanwhile.
async (options) => {
  if (!document.getElementById('at-rest')) {
    const still = document.createElement('style')
    still.id = 'at-rest'
    still.textContent = '*, *::before, *::after { transition: none !important; animation: none !important }'
    document.head.append(still)
  }
  const frame = () => new Promise((done) => requestAnimationFrame(() => done()))
  await document.fonts.ready
  for (const animation of document.getAnimations()) animation.cancel()
  await frame()
  await frame() // what ends an animation's class takes one frame, what it shows another
  let changes = 0
  const watcher = new MutationObserver((records) => {
    changes += records.length
  })
  watcher.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true })
  const { violations } = await axe.run(options)
  changes += watcher.takeRecords().length
  watcher.disconnect()
  return { violations, changed: changes > 0 }
}
