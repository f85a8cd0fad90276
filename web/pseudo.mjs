// A language that nobody speaks ("en-XA"), made of the English texts: letters have accents, every
// text is in brackets and 40 % longer. What is not in brackets on the page is no text of the catalogue;
// where a bracket is missing, a text was cut off. Asked for with `?language=en-XA`, never offered.

const plain = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const accented = 'ÀBÇÐÉFĜĤÎĴĶĻMÑÖÞQŔŠŢÛVŴXÝŽåbçđéfĝĥîĵķļmñöþqŕšţûvŵxýž';

/** One text: its {places} and what stands in <> stay as they are. */
export function pseudo(text) {
  const letters = [...accented];
  const parts = text.split(/(\{[^}]*\}|<[^>]*>)/);
  const changed = parts.map((part, index) => index % 2 ? part
    : [...part].map((each) => letters[plain.indexOf(each)] ?? each).join('')).join('');
  const words = parts.filter((_, index) => index % 2 === 0).join('');
  // The longer a text, the more of it may wrap: what is added has the length of words, too.
  const more = 'one two three four five six seven eight nine ten '.repeat(1 + Math.ceil(words.length / 100));
  return `[${changed} ${more.slice(0, Math.max(1, Math.round(words.length * 0.4) - 3)).trimEnd()}]`;
}

/** A catalogue of texts, as JSON, from the English one. */
export const pseudoCatalogue = (english) =>
  JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(english)).map(([id, text]) => [id, pseudo(text)])));
