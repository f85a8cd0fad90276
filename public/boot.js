// The first script of the page. Before anything else is asked for, what the address holds (the
// answer of a consent, or a sign-in) is taken out of it, so that what is left is a place of the page
// and nothing else; then the rest is loaded.
'use strict';

const rkBoot = (() => {
  const address = window.location;
  let launch = [address.search, address.hash, address.pathname];
  const view = /^#\/[a-z0-9/-]*$/.test(address.hash) ? address.hash : '';
  const home = address.pathname.replace(/callback$/, '');  // where the provider sends the person back to
  if (address.search || address.hash !== view || address.pathname !== home) {
    window.history.replaceState(window.history.state, '', home + view);
  }

  // A link of the host that is opened in a tab which shows the page already changes only what is
  // behind the #: the browser loads nothing by itself.
  window.addEventListener('hashchange', () => {
    if (window.location.hash.startsWith('#session=')) window.location.reload();
  });

  // What is behind the names of the sources: web/assemble.mjs puts it in.
  const files = /* files */ {};
  const file = (name) => files[name] ?? name;

  const style = document.createElement('link');
  style.rel = 'stylesheet';
  style.href = file('page.css');
  style.blocking = 'render';
  document.head.append(style);

  // What the program asks for first is asked for while it is still on its way here: the sign-in of a
  // link, and how things stand. `rkEarly.fetch` gives that answer to the same request of the program, once.
  window.rkEarly = (() => {
    const begun = new Map();
    const key = (path, {method, headers, body}) =>
      [method, path, headers['X-Rekey-Connection'] ?? '', body ?? ''].join(' ');
    function begin(path, options) {
      const stop = new AbortController();
      const sent = window.fetch(path, {...options, credentials: 'same-origin', cache: 'no-store', signal: stop.signal});
      const answer = sent.then((answer) => Object.assign(answer, {rkArrived: performance.now()}));
      answer.catch(() => {});  // the program, which asks for it, tells of it
      begun.set(key(path, options), {answer, stop});
      return answer;
    }
    const readPage = (connection) => begin('/api/page',
      {method: 'GET', headers: {Accept: 'application/json', 'X-Rekey-Connection': connection}});
    async function signIn(token) {
      const options = {method: 'POST', body: JSON.stringify({token}),
        headers: {Accept: 'application/json', 'Content-Type': 'application/json', 'X-Rekey': '1'}};
      const answer = await begin('/api/session', options);
      if (!answer.ok || !begun.has(key('/api/session', options))) return;
      const {connection} = await answer.clone().json();
      if (begun.has(key('/api/session', options))) readPage(connection);
    }
    function start() {
      // A link is good for once: it is kept for a browser that can show the page.
      const able = typeof WebAssembly === 'object' && window.WebGL2RenderingContext && navigator.cookieEnabled;
      const kept = window.sessionStorage;
      if (!able || kept.getItem('rekey.offline') || address.pathname !== '/') return;
      const connection = kept.getItem('rekey.connection');
      if (launch[1].startsWith('#session=')) signIn(launch[1].slice('#session='.length)).catch(() => {});
      else if (connection) readPage(connection);
    }
    try {
      start();
    } catch (error) { /* the storage is shut: the program asks by itself */ }
    return {
      fetch(path, options) {
        const found = begun.get(key(path, options));
        // What was not asked for first is old when it is asked for.
        for (const each of begun.keys()) if (each.startsWith(`${options.method} ${path} `)) begun.delete(each);
        if (!found) return window.fetch(path, options);
        options.signal.addEventListener('abort', () => found.stop.abort());
        return found.answer;
      },
      /** For how many milliseconds an answer has lain here. */
      age: (answer) => answer.rkArrived === undefined ? 0 : performance.now() - answer.rkArrived,
    };
  })();

  // What will be asked for one after the other is asked for at once.
  function expect(href, as) {
    const link = document.createElement('link');
    link.rel = 'preload';
    link.as = as;
    link.href = file(href);
    if (as === 'fetch') link.crossOrigin = 'anonymous';
    document.head.append(link);
  }
  expect('rekey.js', 'script');
  expect('rekey.wasm', 'fetch');
  for (const font of ['inter-400', 'inter-500', 'inter-600', 'icons']) expect(`fonts/${font}.ttf`, 'fetch');

  // The language: what the address asks for ("?language=de"), what the person chose here, else the
  // first that the browser asks for and there is. `languages`: those offered, by their own names.
  const languages = /* languages */ {};
  const base = (tag) => tag.toLowerCase().split('-')[0];
  function languageFor(wanted) {
    const same = (a, b) => a.toLowerCase() === b.toLowerCase();
    const tags = Object.keys(languages);
    return tags.find((tag) => same(tag, wanted)) ?? tags.find((tag) => same(tag, base(wanted))) ??
      tags.find((tag) => base(tag) === base(wanted));
  }
  // A storage may be shut; then the choice holds for as long as the page is open.
  function kept(action) {
    try {
      return action();
    } catch (error) {
      return null;
    }
  }
  const key = 'rekey.language';
  function languageOfAddress() {
    const values = new URLSearchParams(launch[0]);
    const wanted = values.get('language');
    if (wanted === null) return null;
    values.delete('language');
    launch[0] = String(values) && `?${values}`;
    const tag = files[`lang/${wanted}.json`] ? wanted : languageFor(wanted);
    // It goes with this tab, also to the sign-in and back.
    if (tag) kept(() => window.sessionStorage.setItem(key, tag));
    return tag ?? null;
  }
  const chosenLanguage = () => kept(() => window.sessionStorage.getItem(key)) ??
    kept(() => window.localStorage.getItem(key));
  const asked = [...(navigator.languages ?? []), navigator.language].filter((tag) => typeof tag === 'string' && tag);
  const isThere = (tag) => Boolean(tag && files[`lang/${tag}.json`]);
  const chosen = [languageOfAddress(), chosenLanguage()].find(isThere);
  let language = chosen ?? asked.map(languageFor).find(Boolean) ?? 'en';
  const isRightToLeft = (tag) => ['ar', 'fa', 'he', 'ur'].includes(base(tag));

  const loadWords = (tag) => fetch(file(`lang/${tag}.json`)).then((answer) => {
    if (!answer.ok) throw new Error('The wording could not be loaded.');
    return answer.text();
  });
  function useLanguage(tag) {
    language = tag;
    document.documentElement.lang = tag;
    document.documentElement.dir = isRightToLeft(tag) ? 'rtl' : 'ltr';
  }

  /** Puts the texts of index.html into the page's language; they are English until then. */
  function sayShell(words) {
    const texts = JSON.parse(words);
    for (const element of document.querySelectorAll('[data-text]')) {
      const text = texts[element.dataset.text];
      if (!text) continue;
      const put = (words) => words.replace('{host}', () => element.dataset.host ?? '');
      const [, before, name, after] = /^(.*)<a href="\{url\}">(.*)<\/a>(.*)$/s.exec(text) ?? [null, text];
      element.textContent = put(before);
      if (name === undefined) continue;
      const link = document.createElement('a');
      link.href = element.dataset.url;
      link.textContent = put(name);
      element.append(link, put(after));
    }
  }

  useLanguage(language);
  const words = loadWords(language);
  words.catch(() => {});  // told when it is needed
  const shellWords = () => words.then(sayShell).catch(() => {});

  /** Makes this the language of the page, and remembers it. */
  function changeLanguage(tag, words) {
    sayShell(words);
    useLanguage(tag);
    for (const storage of ['sessionStorage', 'localStorage']) kept(() => window[storage].setItem(key, tag));
  }

  document.documentElement.dataset.script = 'on';  // page.css hides what is for those without

  const element = (id) => document.getElementById(id);

  const root = document.documentElement;
  let focusBefore = null;

  /** Shows one of the texts of index.html that say what is wrong and what to do next, in place of the page. */
  function trouble(reason) {
    const any = Boolean(reason);
    if (any && !root.dataset.told) focusBefore = document.activeElement;
    for (const text of document.querySelectorAll('[data-trouble]')) {
      text.hidden = text.dataset.trouble !== reason;
    }
    element('trouble').hidden = !any;
    if (any) root.dataset.told = reason;
    else delete root.dataset.told;
    if (any) element('shell').hidden = false;
    if (!root.dataset.ready) return;
    element('steps').hidden = true;
    if (any) return element('trouble').focus();
    element('shell').hidden = true;
    if (focusBefore) focusBefore.focus();
  }

  let failed = false;
  /** The page cannot start, or cannot go on. The first reason is told. */
  function cannotStart(reason) {
    if (failed) return;
    failed = true;
    element('waiting').hidden = true;
    root.dataset.failed = root.dataset.ready ? 'fault' : reason;
    trouble(root.dataset.failed);
  }

  function ready() {
    if (failed) return;
    element('shell').hidden = true;
    element('canvas').hidden = false;
    root.dataset.ready = 'yes';
  }

  const ofProgram = (error) => typeof WebAssembly === 'object' &&
    (error instanceof WebAssembly.CompileError || error instanceof WebAssembly.RuntimeError);
  /** To be told of errors that are awaited, for another reason than a fault of the program. */
  function trapped(error) {
    if (ofProgram(error)) cannotStart('wasm');
  }

  /** An error that nobody dealt with. What is of the browser itself has no error, and extensions have addresses of their own. */
  function broke(error, file) {
    if (!(error instanceof Error) || /-extension:/.test(file + error.stack)) return;
    cannotStart(ofProgram(error) ? 'wasm' : 'script');
  }

  function load() {
    shellWords();
    element('no-script').hidden = true;
    element('waiting').hidden = false;
    if (typeof WebAssembly !== 'object') return cannotStart('wasm');
    const script = document.createElement('script');
    script.src = file('rekey.js');
    script.onerror = () => cannotStart('files');
    document.head.append(script);
    // The browser starts its drawing while the program comes; the program gets this context (web/stage.cpp).
    element('canvas').getContext('webgl2', {alpha: false, depth: false, stencil: false, antialias: false});
  }

  window.addEventListener('error', (event) => broke(event.error, event.filename || ''));
  window.addEventListener('unhandledrejection', (event) => broke(event.reason, ''));
  document.addEventListener('DOMContentLoaded', load);

  return {
    /** What the address held: search, hash, path. Once; then it is forgotten here too. */
    takeLaunch: () => {
      const taken = launch;
      launch = ['', '', address.pathname];
      return taken;
    },
    cannotStart, trapped, ready, trouble, file, languages, words,
    /** The texts of a language; and to make it that of the page, with them. */
    loadLanguage: loadWords, useLanguage: changeLanguage,
    language: () => language,
    isRightToLeft: () => isRightToLeft(language),
    /** How numbers and dates are written: in the page's language, and where that names no region, in the
     * reader's. */
    region: () => (language.includes('-') ? language
      : asked.find((tag) => base(tag) === base(language)) ?? language),
  };
})();
