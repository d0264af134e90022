import { describe, expect, it } from 'vitest'
import { linkify, marked, mentioned, typedMention, withMentions } from '../src/chat/abilities/linkify'

const links = (text: string) => linkify(text).flatMap((part) => (part.kind === 'link' ? [[part.text, part.href]] : []))
const whole = (text: string) => linkify(text).map((part) => part.text).join('')

describe('addresses in a text', () => {
  it('http and https become links, the sentence around them stays', () => {
    expect(links('看这里 https://example.com/a?b=1。谢谢')).toEqual([['example.com/a?b=1', 'https://example.com/a?b=1']])
    expect(links('http://example.com, and (https://example.org/x).')).toEqual([
      ['http://example.com', 'http://example.com/'],
      ['example.org/x', 'https://example.org/x'],
    ])
    expect(whole('前 https://example.com/ 后')).toBe('前 example.com 后')
  })

  it.each([
    'javascript:alert(1)',
    'data:text/html,<b>x</b>',
    'ftp://example.com/x',
    'file:///etc/passwd',
    'https://bank.example.com@evil.example/',
    'https://localhost/x',
    'www.example.com',
    'https://',
  ])('nothing else becomes one: %s', (text) => {
    expect(links(text)).toEqual([])
    expect(whole(text)).toBe(text)
  })

  it('look-alike letters are shown as what the browser goes to', () => {
    const [shown, href] = links('https://аpple.com/login')[0]!
    expect(href).toBe('https://xn--pple-43d.com/login')
    expect(shown).toBe('xn--pple-43d.com/login')
  })

  it('the host is always there, however long the address', () => {
    const [shown] = links(`https://example.com/${'a'.repeat(300)}`)[0]!
    expect(shown!.startsWith('example.com/')).toBe(true)
    expect(shown!.length).toBeLessThan(60)
  })

  it('signs that turn the direction of writing are not drawn', () => {
    expect(links('https://example.com/%E2%80%AEgpj.exe')[0]![0]).toBe('example.com/%E2%80%AEgpj.exe')
  })

  it('brackets that belong to the address stay with it', () => {
    expect(links('(https://example.com/a_(b))')[0]![1]).toBe('https://example.com/a_(b)')
  })
})

describe('whom a text speaks to', () => {
  const names = { courier: ['配送员', 'Courier'], shop: ['花店', 'Shop'] }
  it('roles are found in both languages', () => {
    expect(mentioned('@配送员 到了吗 @Shop', names)).toEqual(['courier', 'shop'])
    expect(mentioned('配送员到了吗', names)).toEqual([])
  })
  it('and stand out, outside of links only', () => {
    const parts = withMentions(linkify('@花店 看 https://example.com/@花店'), names)
    expect(parts.map((part) => part.kind)).toEqual(['mention', 'text', 'link'])
  })
  it('the one that is being typed is seen until a space or a mail address', () => {
    expect(typedMention('hi @配', 5)).toEqual({ start: 3, word: '配' })
    expect(typedMention('hi @配送员 x', 9)).toBeNull()
    expect(typedMention('me@example', 10)).toBeNull()
  })
})

describe('what was searched for', () => {
  it('is cut out by its ranges', () => {
    expect(marked('一支红玫瑰', [[2, 5]])).toEqual([{ text: '一支', hit: false }, { text: '红玫瑰', hit: true }])
  })
  it('ranges that make no sense mark nothing', () => {
    expect(marked('abc', [[2, 9], [1, 1]])).toEqual([{ text: 'abc', hit: false }])
    expect(marked('abcd', [[0, 2], [1, 3]]).map((part) => part.text).join('')).toBe('abcd')
  })
})
