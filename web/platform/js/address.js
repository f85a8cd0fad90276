// The address of what is shown, and where the person was at each entry of the tab's history: how far
// they had scrolled, and what had the focus. The browser can keep neither: nothing of it is the document's.
const rkAddress = (() => {
  'use strict';

  const kept = 'rekey.entries';
  const most = 50;
  let entries = new Map();  // name of an entry → {top, focus, next}
  let current = '';         // the name of the entry that is shown
  let count = 0;
  let opened = false;
  let leaving = false;

  const shown = () => window.location.hash || '#/';
  const name = () => `${Date.now().toString(36)}.${count++}`;

  function read() {
    try {
      return new Map(JSON.parse(rkBrowser.stored(kept) ?? '[]'));
    } catch (error) {
      return new Map();  // something else was kept under this name
    }
  }

  function store() {
    rkBrowser.store(kept, JSON.stringify([...entries].slice(-most)));
  }

  /** Keeps where the person is, before another entry is shown. */
  function remember() {
    const main = rkMirror.main();
    const focused = rkMirror.nodeOf(document.activeElement);
    entries.delete(current);  // the newest ones stand last
    entries.set(current, {top: main ? main.scrollTop / rkMirror.scale() : 0, focus: focused ? focused.rkId : 0});
  }

  function push(to) {
    remember();
    current = name();
    window.history.pushState({rekey: current}, '', to);
  }

  function replace(to) {
    window.history.replaceState({rekey: current}, '', to);
  }

  function loadAt(to) {
    if (to !== shown()) push(to);
    entries.set(current, {top: 0, focus: 0, next: true});
    leaving = true;
    store();
    window.location.reload();
  }

  function tell(place) {
    rkNet.withTexts([window.location.hash], (at) =>
      Module._rk_gone_to(at, place ? 1 : 0, place ? place.top : 0, place ? place.focus : 0));
  }

  /** A link to a view was pressed. */
  function go(to) {
    if (to !== shown()) push(to);
    tell(null);
  }

  /** What the page is told of the entry that it is opened at: top, focus, whether it was sent there. */
  function launched() {
    entries = read();
    opened = true;
    current = window.history.state?.rekey ?? name();
    window.history.scrollRestoration = 'manual';
    if (!window.history.state?.rekey) replace(window.location.href);
    const place = entries.get(current);
    if (!place) return ['', '', ''];
    // Loaded anew, the page is read from its beginning; Back leads to where the person was.
    const [how] = performance.getEntriesByType('navigation');
    const focus = how && how.type === 'back_forward' ? place.focus : 0;
    return [String(place.top), String(focus), place.next ? 'yes' : ''];
  }

  window.addEventListener('popstate', (event) => {
    if (!opened || window.location.hash.startsWith('#session=')) return;  // boot.js deals with a link of the host
    remember();
    const known = event.state && event.state.rekey;
    current = known || name();
    if (!known) replace(window.location.href);  // it was typed
    tell(known ? entries.get(current) : null);
    rkLoop.wake();
  });

  window.addEventListener('pagehide', () => {
    if (!opened || leaving) return;
    remember();
    store();
  });

  return {push, replace, loadAt, go, launched};
})();
