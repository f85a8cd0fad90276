// The loop: what people do goes to C++, which answers in the same task; a frame is painted only when
// there is something new to see.
const rkLoop = (() => {
  'use strict';

  const scrolling = ['PageDown', 'PageUp', 'Home', 'End', ' ', 'ArrowDown', 'ArrowUp'];
  const paging = ['PageDown', 'PageUp', 'Home', 'End'];
  const kinds = {click: 1, key: 2, input: 3, blur: 4, outside: 5};
  const canvas = document.getElementById('canvas');
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const still = matchMedia('(prefers-reduced-motion: reduce)');
  const forced = matchMedia('(forced-colors: active)');
  const coarse = matchMedia('(any-pointer: coarse)');
  const pointer = {hover: 0, held: 0, focus: 0, visible: false};
  const state = {frames: 0, passes: 0, started: false, unsettled: false};
  let request = 0;
  let timer = 0;
  let screen = '';
  let pumping = false;
  let scale = 1;  // CSS pixels to one of the layout's

  const seconds = () => performance.now() / 1000;

  // The size of text that the browser is set to, or the least it draws, enlarges the whole page: a
  // picture has no text that the browser could enlarge by itself.
  function measureText() {
    const probe = document.createElement('i');
    probe.className = 'rk-probe';
    document.body.append(probe);
    const sizeOf = (element) => parseFloat(getComputedStyle(element).fontSize);
    const wanted = Math.max(sizeOf(document.documentElement) / 16, sizeOf(probe) / 13);
    probe.remove();
    scale = Math.min(3, Math.max(1, wanted || 1));
    rkMirror.enlarge(scale);
  }

  function measure() {
    const density = window.devicePixelRatio || 1;
    const width = document.documentElement.clientWidth;
    const height = window.innerHeight;
    const main = rkMirror.main();
    const mainWidth = main ? main.clientWidth : width;
    const now = [width, height, mainWidth, density, scale, still.matches, coarse.matches].join();
    if (now === screen) return false;
    screen = now;
    canvas.width = Math.round(width * density);
    canvas.height = Math.round(height * density);
    canvas.style.width = canvas.width / density + 'px';
    canvas.style.height = canvas.height / density + 'px';
    Module._rk_screen(width / scale, height / scale, mainWidth / scale, density * scale, still.matches ? 1 : 0,
                      coarse.matches ? 1 : 0);
    return true;
  }

  function colours() {
    if (!forced.matches) {
      Module._rk_colours(dark.matches ? 1 : 0);
      return;
    }
    const probe = document.createElement('i');
    document.body.append(probe);
    const names = ['Canvas', 'CanvasText', 'LinkText', 'ButtonBorder', 'Highlight', 'HighlightText'];
    const values = names.map((name) => {
      probe.style.color = name;
      const [r, g, b] = getComputedStyle(probe).color.match(/[\d.]+/g).map(Number);
      return (r << 16) | (g << 8) | b;
    });
    probe.remove();
    Module._rk_system_colours(...values);
  }

  /** The page has another language. */
  function direct() {
    rkText.useLanguage();
    Module._rk_direction(rkBoot.isRightToLeft() ? 1 : 0);
  }

  function frame() {
    request = 0;
    clearTimeout(timer);
    measure();
    state.frames += 1;
    const next = Module._rk_frame(seconds());
    // The first description brings the main element, whose scrollbar takes room.
    if (measure()) Module._rk_frame(seconds());
    if (next >= 0 && next < 20) schedule();
    if (next >= 20) timer = setTimeout(schedule, next - 8);
  }

  function schedule() {
    if (!request) request = requestAnimationFrame(frame);
  }

  /** Handles what is in the queue, now, and paints soon. */
  function pump() {
    if (!state.started || pumping) return;
    pumping = true;
    state.passes += 1;
    Module._rk_pump(seconds());
    pumping = false;
    schedule();
  }

  let woken = false;
  /** The same for what comes from the network or a clock: once for all that comes in one task. */
  function wake() {
    if (woken) return;
    woken = true;
    queueMicrotask(() => {
      woken = false;
      pump();
    });
  }

  function send(kind, id, text) {
    const size = lengthBytesUTF8(text) + 1;
    const buffer = Module._malloc(size);
    stringToUTF8(text, buffer, size);
    Module._rk_event(kinds[kind], id, buffer);
    Module._free(buffer);
  }

  function tellPointer() {
    Module._rk_pointer(pointer.hover, pointer.held, pointer.focus, pointer.visible ? 1 : 0);
  }

  function point(what, value) {
    if (pointer[what] === value) return;
    pointer[what] = value;
    tellPointer();
    schedule();
  }

  // A link to a view is followed here, so that all of the view is there when the press returns. What
  // asks for another tab or window is left to the browser.
  function follow(event, element) {
    const href = element.getAttribute('href');
    const elsewhere = event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    if (elsewhere || !href || !href.startsWith('#')) return;
    event.preventDefault();
    if (!element.rk.l) rkAddress.go(href);
  }

  function onClick(event) {
    const element = rkMirror.nodeOf(event.target);
    if (!element) return;
    follow(event, element);
    send('click', element.rkId, '');
    pump();
  }

  // What is seen is a part of what there is: the page prints all of it, where it can.
  function onPrintKey(event) {
    const asked = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key === 'p';
    if (!asked || !Module._rk_print_asked()) return;
    event.preventDefault();
    pump();
  }

  /** Scrolls the content by a key that was pressed outside of all that scrolls. */
  function pageFrom(target, main, key) {
    const element = rkMirror.nodeOf(target);
    if (!element || element.closest('.rk-scroll') || element.nodeName === 'INPUT') return false;
    const most = main.clientHeight * 0.875;
    if (key === 'Home') main.scrollTop = 0;
    else if (key === 'End') main.scrollTop = main.scrollHeight;
    else main.scrollTop += key === 'PageDown' ? most : -most;
    return true;
  }

  function onKey(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    // Before anything has the focus, the keys that scroll are for the content; and so are those that page
    // while it is on the bar or the footer, which have nothing to scroll.
    const main = rkMirror.main();
    if (main && event.target === document.body && scrolling.includes(event.key)) {
      main.focus({preventScroll: true});
    }
    if (main && paging.includes(event.key) && pageFrom(event.target, main, event.key)) {
      event.preventDefault();
      return;
    }
    let taker = rkMirror.takerOf(event.target, event.key);
    if (!taker && event.key === 'Escape') taker = rkMirror.frontTaker('Escape');
    if (!taker) return;
    event.preventDefault();
    send('key', taker.rkId, event.key);
    pump();
  }

  function onInput(event) {
    const element = event.target;
    send('input', element.rkId, element.value);
    pump();
    rkMirror.enforceValue(element);
  }

  function onFocus(event) {
    const element = rkMirror.nodeOf(event.target);
    pointer.focus = element ? element.rkId : 0;
    pointer.visible = Boolean(element) && element.matches(':focus-visible');
    tellPointer();
    if (element && element.getAttribute('role') === 'combobox') element.select();
    schedule();
  }

  function onBlur(event) {
    const element = rkMirror.nodeOf(event.target);
    // The whole window lost the focus: it will come back to the same element.
    if (!element || document.activeElement === element) return;
    if (pointer.focus === element.rkId) point('focus', 0);
    if (element.nodeName !== 'INPUT') return;
    send('blur', element.rkId, '');
    wake();
  }

  function onPress(event) {
    const element = rkMirror.nodeOf(event.target);
    point('held', element ? element.rkId : 0);
    let outside = false;
    rkMirror.eachOutside(event.target, (other) => {
      send('outside', other.rkId, '');
      outside = true;
    });
    if (outside) wake();
  }

  function onScroll(event) {
    if (event.target.rkId === undefined) return;
    Module._rk_scroll(event.target.rkId, event.target.scrollTop / scale);
    schedule();
  }

  function listen() {
    const root = rkMirror.root;
    root.addEventListener('click', onClick);
    document.addEventListener('keydown', onKey);
    document.addEventListener('keydown', onPrintKey);
    root.addEventListener('input', onInput);
    root.addEventListener('focusin', onFocus);
    root.addEventListener('focusout', onBlur);
    root.addEventListener('scroll', onScroll, {capture: true, passive: true});
    root.addEventListener('mousedown', (event) => {
      if (rkMirror.keepsFocus(event.target)) event.preventDefault();
    });
    root.addEventListener('compositionstart', (event) => { event.target.rkComposing = true; });
    root.addEventListener('compositionend', (event) => {
      event.target.rkComposing = false;
      onInput(event);
    });
    document.addEventListener('pointerdown', onPress);
    for (const name of ['pointerup', 'pointercancel']) {
      document.addEventListener(name, () => point('held', 0));
    }
    document.addEventListener('pointerover', (event) => {
      const element = event.pointerType === 'touch' ? null : rkMirror.nodeOf(event.target);
      point('hover', element ? element.rkId : 0);
    });
    document.documentElement.addEventListener('pointerleave', () => point('hover', 0));
  }

  function watchScreen() {
    const now = () => {
      measureText();
      if (measure()) frame();
    };
    new ResizeObserver(now).observe(document.documentElement);
    window.addEventListener('resize', now);
    for (const query of [dark, forced]) {
      query.addEventListener('change', () => {
        colours();
        schedule();
      });
    }
    for (const query of [still, coarse]) query.addEventListener('change', schedule);
    window.addEventListener('pageshow', (event) => {
      if (!event.persisted) return;
      Module._rk_returned();
      wake();
    });
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) return;
      measureText();
      schedule();
    });
  }

  function watchPicture() {
    let patience = 0;
    canvas.addEventListener('webglcontextlost', (event) => {
      event.preventDefault();
      Module._rk_picture(1);
      patience = setTimeout(() => rkBoot.trouble('picture'), 4000);
    });
    canvas.addEventListener('webglcontextrestored', () => {
      clearTimeout(patience);
      rkBoot.trouble('');
      Module._rk_picture(0);
      schedule();
    });
  }

  function start() {
    state.started = true;
    direct();
    colours();
    measureText();
    measure();
    listen();
    watchScreen();
    watchPicture();
    frame();
    rkBoot.ready();
    rkMirror.show();
    wake();
  }

  window.rekey = {
    frames: () => state.frames,
    passes: () => state.passes,
    cutShort: () => UTF8ToString(Module._rk_cut_short()).split('\n').filter(Boolean),
  };
  // A fault of a view (two widgets with one key, for example), told to whoever develops it.
  function unsettled() {
    if (state.unsettled) return;
    state.unsettled = true;
    console.warn('The layout of this page does not come to rest: it asks for another pass each time.');
  }

  return {start, wake, schedule, unsettled, direct};
})();
