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

  // The language: what the person chose here, else the first that the browser asks for and there is.
  const languages = Object.keys(files).map((name) => /^lang\/(.+)\.json$/.exec(name)?.[1]).filter(Boolean);
  const base = (tag) => tag.toLowerCase().split('-')[0];
  function languageFor(wanted) {
    const same = (a, b) => a.toLowerCase() === b.toLowerCase();
    return languages.find((tag) => same(tag, wanted)) ?? languages.find((tag) => same(tag, base(wanted))) ??
      languages.find((tag) => base(tag) === base(wanted));
  }
  function chosenLanguage() {
    try {
      return window.localStorage.getItem('rekey.language');
    } catch (error) {
      return null;  // the storage is shut
    }
  }
  const asked = [...(navigator.languages ?? []), navigator.language].filter((tag) => typeof tag === 'string' && tag);
  const language = [chosenLanguage(), ...asked].filter(Boolean).map(languageFor).find(Boolean) ?? 'en';
  document.documentElement.lang = language;
  const words = fetch(file(`lang/${language}.json`)).then((answer) => {
    if (!answer.ok) throw new Error('The wording could not be loaded.');
    return answer.text();
  });
  words.catch(() => {});  // told when it is needed

  document.documentElement.dataset.script = 'on';  // page.css hides what is for those without

  const element = (id) => document.getElementById(id);

  /** Shows one of the texts of index.html that say what is wrong and what to do next. */
  function trouble(reason) {
    for (const text of document.querySelectorAll('[data-trouble]')) {
      text.hidden = text.dataset.trouble !== reason;
    }
    const any = Boolean(reason);
    element('trouble').hidden = !any;
    if (any) element('shell').hidden = false;
    if (!any && document.documentElement.dataset.ready) element('shell').hidden = true;
  }

  let failed = false;
  function cannotStart(reason) {
    if (failed) return;
    failed = true;
    element('waiting').hidden = true;
    trouble(reason);
    document.documentElement.dataset.failed = reason;
  }

  function ready() {
    element('shell').hidden = true;
    element('canvas').hidden = false;
    document.documentElement.dataset.ready = 'yes';
  }

  function load() {
    element('no-script').hidden = true;
    element('waiting').hidden = false;
    if (typeof WebAssembly !== 'object') return cannotStart('wasm');
    const script = document.createElement('script');
    script.src = file('rekey.js');
    script.onerror = () => cannotStart('files');
    document.head.append(script);
  }

  window.addEventListener('unhandledrejection', () => {
    if (!document.documentElement.dataset.ready) cannotStart('wasm');
  });
  document.addEventListener('DOMContentLoaded', load);

  return {
    /** What the address held: search, hash, path. Once; then it is forgotten here too. */
    takeLaunch: () => {
      const taken = launch;
      launch = ['', '', address.pathname];
      return taken;
    },
    cannotStart, ready, trouble, file, language, languages, words,
    /** How numbers and dates are written: as in the page's language, where the browser asks for it. */
    region: asked.find((tag) => base(tag) === base(language)) ?? language,
  };
})();
