/** What belongs to the shop and not to one order. */
export type Tool = 'slots' | 'imports' | 'standing' | 'refunds' | 'catalogue' | 'making' | 'dispatch'
