// The first script of the page. Before anything else is asked for, what the address holds (the
// answer of a consent, or a sign-in) is taken out of it; then the rest is loaded.
'use strict';

const rkBoot = (() => {
  const address = window.location;
  let launch = [address.search, address.hash, address.pathname];
  if (address.search || address.hash) {
    window.history.replaceState(window.history.state, '', address.pathname);
  }

  // A link of the host that is opened in a tab which shows the page already changes only what is
  // behind the #: the browser loads nothing by itself.
  window.addEventListener('hashchange', () => {
    if (window.location.hash.startsWith('#session=')) window.location.reload();
  });

  const style = document.createElement('link');
  style.rel = 'stylesheet';
  style.href = 'page.css';
  style.blocking = 'render';
  document.head.append(style);

  // What will be asked for one after the other is asked for at once.
  function expect(href, as) {
    const link = document.createElement('link');
    link.rel = 'preload';
    link.as = as;
    link.href = href;
    if (as === 'fetch') link.crossOrigin = 'anonymous';
    document.head.append(link);
  }
  expect('rekey.js', 'script');
  expect('rekey.wasm', 'fetch');
  for (const font of ['inter-400', 'inter-500', 'inter-600', 'icons']) expect(`fonts/${font}.ttf`, 'fetch');

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
    script.src = 'rekey.js';
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
    cannotStart, ready, trouble,
  };
})();
