// What else the browser gives: the live regions, the address, storage, languages.
const rkBrowser = (() => {
  'use strict';

  // Numbers and dates: as people of this region write them, or, where the browser knows no such
  // region or nothing of languages at all, as a program writes them.
  function format(make, value, plain) {
    for (const tag of [rkBoot.region, rkBoot.language, 'en']) {
      try {
        return make(tag).format(value);
      } catch (error) {
        // The next one.
      }
    }
    return plain(value);
  }

  // A live region speaks when its content changes; two changes at once and the first is not said.
  function speaker(element) {
    const queue = [];
    let speaking = false;
    function next() {
      const text = queue.shift();
      speaking = text !== undefined;
      if (!speaking) return;
      element.textContent = '';
      setTimeout(() => {
        element.textContent = text;
        setTimeout(next, 900);
      }, 50);
    }
    return (text) => {
      queue.push(text);
      if (!speaking) next();
    };
  }

  const polite = speaker(document.getElementById('status'));
  const urgent = speaker(document.getElementById('alert'));

  // The storage may be shut (a browser's privacy setting); the page goes on without it.
  function storage(action) {
    try {
      return action(window.sessionStorage);
    } catch (error) {
      return null;
    }
  }

  function randomHex(bytes) {
    const values = crypto.getRandomValues(new Uint8Array(bytes));
    return Array.from(values, (value) => value.toString(16).padStart(2, '0')).join('');
  }

  function formatDate(ms, withTime) {
    const how = {day: 'numeric', month: 'short', year: 'numeric'};
    if (withTime) Object.assign(how, {hour: 'numeric', minute: '2-digit'});
    return format((tag) => new Intl.DateTimeFormat(tag, how), new Date(ms),
      (date) => date.toISOString().slice(0, withTime ? 16 : 10).replace('T', ' '));
  }

  let words = '';
  async function loadWords() {
    words = await rkBoot.words;
  }

  let launch = null;
  function launched(part) {
    if (!launch) launch = [...rkBoot.takeLaunch(), ...rkAddress.launched()];
    const value = launch[part];
    launch[part] = '';
    return value;
  }

  return {
    say: (text, isUrgent) => (isUrgent ? urgent : polite)(text),
    stored: (key) => storage((store) => store.getItem(key)),
    store: (key, value) => storage((store) => store.setItem(key, value)),
    forget: (key) => storage((store) => store.removeItem(key)),
    launched, randomHex, formatDate, loadWords,
    words: () => words,
    formatNumber: (value) => format((tag) => new Intl.NumberFormat(tag), value, String),
  };
})();
