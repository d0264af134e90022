import { useHuaxin } from '@huaxin/sync'
import { shallowRef } from 'vue'

/** Why the person is asked to sign in: said on the sheet. */
export type LoginReason = 'place' | 'orders' | 'open'

export const loginAsked = shallowRef<LoginReason | null>(null)
let answer: ((signedIn: boolean) => void) | null = null

export function endLogin(signedIn: boolean): void {
  loginAsked.value = null
  answer?.(signedIn)
  answer = null
}

/** Signing in happens only where it is needed. True: somebody is signed in now. */
export function useLogin() {
  const { session } = useHuaxin()
  function login(reason: LoginReason): Promise<boolean> {
    if (session.signedIn.value) return Promise.resolve(true)
    answer?.(false)
    loginAsked.value = reason
    return new Promise((done) => {
      answer = done
    })
  }
  return { login, signedIn: session.signedIn, me: session.me }
}
