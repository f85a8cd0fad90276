// What else the browser gives: the live regions, the address, storage, languages.
const rkBrowser = (() => {
  'use strict';

  // Numbers, dates and lists: as the page's language writes them, in the reader's region where the browser
  // names one of that language; or, where the browser knows nothing of languages, as a program writes.
  let formats = new Map();
  function formatOf(name, how) {
    const key = name + JSON.stringify(how);
    if (formats.has(key)) return formats.get(key);
    let format = null;
    for (const tag of [rkBoot.region(), rkBoot.language(), 'en']) {
      try {
        format ??= new Intl[name](tag, how);
      } catch (error) {
        // The next one.
      }
    }
    formats.set(key, format);
    return format;
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
    const date = new Date(ms);
    return formatOf('DateTimeFormat', how)?.format(date) ??
      date.toISOString().slice(0, withTime ? 16 : 10).replace('T', ' ');
  }

  const formatNumber = (value) => formatOf('NumberFormat', {})?.format(value) ?? String(value);
  const formatList = (texts) => formatOf('ListFormat', {type: 'conjunction'})?.format(texts) ?? texts.join(', ');

  let words = '';
  async function loadWords() {
    words = await rkBoot.words;
  }

  // The whole page is described anew in the other language; what was being done stays as it is.
  let wanted = '';
  async function chooseLanguage(tag) {
    wanted = tag;
    let loaded = null;
    try {
      loaded = await rkBoot.loadLanguage(tag);
    } catch (error) {
      // Told below.
    }
    if (wanted !== tag) return;  // another one was chosen since
    if (loaded !== null) {
      rkBoot.useLanguage(tag, loaded);
      words = loaded;
      formats = new Map();
    }
    Module._rk_language(loaded === null ? 0 : 1);
    rkLoop.direct();
    rkLoop.wake();
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
    launched, randomHex, formatDate, formatNumber, formatList, loadWords, chooseLanguage,
    words: () => words,
  };
})();
