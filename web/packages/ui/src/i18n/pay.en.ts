/** What was paid, apart from how far the flowers are. */
export const pay = {
  title: 'Payment',
  how: 'How to pay',
  at_shop: 'at the shop',
  elsewhere: 'by other means',
  unpaid: 'not paid yet',
  part: '{sum} paid',
  paid: 'paid',
  refunded_part: '{sum} paid, {back} given back',
  refunded: 'all given back: {back}',
  record: 'Record a payment',
  give_back: 'Record a refund',
  amount: 'Amount (¥)',
  reference: 'Reference (optional)',
  reason: 'Reason (optional)',
  done: 'Record it',
}
