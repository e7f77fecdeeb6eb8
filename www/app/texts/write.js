// Writing and answering.

export const write = {
  'answer.reply': { de: 'Antworten', en: 'Reply' },
  'answer.reply-all': { de: 'Allen antworten', en: 'Reply to all' },
  'answer.forward': { de: 'Weiterleiten', en: 'Forward' },
};
