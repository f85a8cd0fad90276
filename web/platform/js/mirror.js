// The mirror: real elements, transparent, in the places where C++ painted the widgets. C++ says which
// of them are new or have changed, and their order when that is another one (Mirror::news); only what
// differs touches the document.
const rkMirror = (() => {
  'use strict';

  const root = document.getElementById('mirror');
  const elements = new Map();  // id → element; its `rk` is the node it was made from
  const inputs = 'INPUT';
  let turn = 0;
  let styled = false;
  let scale = 1;  // CSS pixels to one of the layout's

  const px = (hundredths) => hundredths * scale / 100 + 'px';

  function create(node) {
    const element = document.createElement(node.t);
    element.id = 't' + node.i;
    element.rkId = node.i;
    if (node.t === 'button') element.type = 'button';
    if (node.s) {
      element.className = 'rk-scroll';
      const end = document.createElement('div');
      end.className = 'rk-end';
      end.setAttribute('aria-hidden', 'true');
      element.append(end);
      element.rkEnd = end;
    }
    return element;
  }

  function differ(a, b) {
    if (!a || !b || a.length !== b.length) return a !== b;
    return a.some((value, index) => value !== b[index]);
  }

  function place(element, node, was) {
    const style = element.style;
    const names = ['insetInlineStart', 'top', 'width', 'height'];
    names.forEach((name, index) => {
      if (!was || was.r[index] !== node.r[index]) style[name] = px(node.r[index]);
    });
    if (node.x && !was) style.position = 'fixed';
    if (node.f && differ(node.f, was && was.f)) {
      style.fontSize = px(node.f[0]);
      style.lineHeight = px(node.t === 'input' ? node.r[3] : node.f[1]);
      style.fontWeight = String(node.f[2]);
    }
    if (node.d && differ(node.d, was && was.d)) {
      style.paddingInlineStart = px(node.d[0]);
      style.paddingInlineEnd = px(node.d[1]);
    }
  }

  function attributes(element, now, was) {
    for (const name in now) {
      if (!was || was[name] !== now[name]) element.setAttribute(name, now[name]);
    }
    for (const name in was) {
      if (!(name in now)) element.removeAttribute(name);
    }
  }

  // Also when the description did not change: what was typed may have been refused.
  function enforceValue(element) {
    const node = element.rk;
    if (!node || node.v === undefined || element.rkComposing) return;
    if (element.value !== node.v) element.value = node.v;
  }

  function scroll(element, node, was) {
    if (!was || was.s[0] !== node.s[0]) {
      element.rkEnd.style.top = Math.max(0, node.s[0] * scale / 100 - 1) + 'px';
    }
    if (!was ? node.s[1] !== 0 : was.s[2] !== node.s[2]) element.rkScrollTo = node.s[1] * scale / 100;
  }

  function update(element, node) {
    const was = element.rk;
    place(element, node, was);
    attributes(element, node.a, was && was.a);
    if (node.n !== undefined && (!was || was.n !== node.n)) element.textContent = node.n;
    if (node.s) scroll(element, node, was);
    element.rk = node;
    if (node.t === 'input') enforceValue(element);
  }

  // Siblings are put in order outward from the one that has the focus: to move that one would take
  // the focus from it.
  function arrangeChildren(parent, wanted) {
    const focused = wanted.findIndex((element) => element.contains(document.activeElement));
    const from = Math.max(0, focused);
    if (focused < 0) {
      const first = parent.rkEnd ? parent.rkEnd.nextSibling : parent.firstChild;
      if (wanted[0] !== first) parent.insertBefore(wanted[0], first);
    }
    for (let i = from - 1; i >= 0; --i) {
      if (wanted[i].nextSibling !== wanted[i + 1]) parent.insertBefore(wanted[i], wanted[i + 1]);
    }
    for (let i = from + 1; i < wanted.length; ++i) {
      const after = wanted[i - 1].nextSibling;
      if (after !== wanted[i]) parent.insertBefore(wanted[i], after);
    }
  }

  function remove(seen) {
    let lostFocus = false;
    for (const [id, element] of elements) {
      if (seen.has(id)) continue;
      if (element === document.activeElement) lostFocus = true;
      elements.delete(id);
      element.remove();
    }
    return lostFocus;
  }

  function focus(description, lostFocus) {
    if (description.turn !== turn) {
      turn = description.turn;
      const wanted = elements.get(description.focus);
      if (wanted) {
        wanted.focus({preventScroll: false});
        return;
      }
    }
    // What had the focus is gone: stay on the page rather than at the document's beginning.
    const main = root.querySelector('main');
    if (lostFocus && main && document.activeElement === document.body) {
      main.focus({preventScroll: true});
    }
  }

  function shutOthers() {
    const all = [...root.children];
    const modal = all.filter((element) => element.rk.o).pop();
    for (const child of all) child.inert = Boolean(modal) && child !== modal;
  }

  // Which elements there are, and in which order; true when the one with the focus is gone.
  function arrange(order, nodes) {
    const changed = new Map(nodes.map((node) => [node.i, node]));
    const children = new Map();
    const seen = new Set();
    const made = [];
    for (let at = 0; at < order.length; at += 2) {
      const id = order[at];
      const node = changed.get(id);
      let element = elements.get(id);
      if (element && node && element.rk.t !== node.t) {
        element.remove();
        element = null;
      }
      if (!element) {
        element = create(node);
        elements.set(id, element);
      }
      seen.add(id);
      made.push(element);
      const parent = order[at + 1] < 0 ? root : made[order[at + 1]];
      if (!children.has(parent)) children.set(parent, []);
      children.get(parent).push(element);
    }
    const lostFocus = remove(seen);
    for (const [parent, wanted] of children) arrangeChildren(parent, wanted);
    return lostFocus;
  }

  function apply(text) {
    const {order, nodes, ...description} = JSON.parse(text);
    const lostFocus = order ? arrange(order, nodes) : false;
    const changed = nodes.map((node) => {
      const element = elements.get(node.i);
      update(element, node);
      return element;
    });
    shutOthers();
    for (const element of changed) {
      if (element.rkScrollTo === undefined) continue;
      element.scrollTop = element.rkScrollTo;
      element.rkScrollTo = undefined;
    }
    if (document.title !== description.title) document.title = description.title;
    focus(description, lostFocus);
  }

  function nodeOf(target) {
    let element = target instanceof Element ? target : null;
    while (element && element !== root && element.rkId === undefined) element = element.parentElement;
    return element && element !== root ? element : null;
  }

  /** The nearest element around `target` whose node takes this key. */
  function takerOf(target, key) {
    for (let element = nodeOf(target); element; element = nodeOf(element.parentElement)) {
      const keys = element.rk && element.rk.k;
      if (keys && keys.split(' ').includes(key)) return element;
    }
    return null;
  }

  /** The element painted last that takes this key: the one in front. */
  function frontTaker(key) {
    let found = null;
    for (const element of elements.values()) {
      const keys = element.rk && element.rk.k;
      const container = element.nodeName !== inputs;
      if (container && keys && keys.split(' ').includes(key)) found = element;
    }
    return found;
  }

  function keepsFocus(target) {
    for (let element = nodeOf(target); element; element = nodeOf(element.parentElement)) {
      if (element.rk && element.rk.m) return true;
    }
    return false;
  }

  /** Calls back for every element that wants to know of a press outside of it. */
  function eachOutside(target, callback) {
    const pressed = nodeOf(target);
    for (const element of elements.values()) {
      const opener = element.rk && element.rk.e;
      if (opener === undefined || element.contains(target)) continue;
      if (keepsFocus(target) || (pressed && pressed.rkId === opener)) continue;
      callback(element);
    }
  }

  /** How large the person wants text, and with it everything. */
  function enlarge(wanted) {
    if (wanted === scale) return;
    scale = wanted;
    for (const element of elements.values()) {
      place(element, element.rk, null);
      if (element.rk.s) scroll(element, element.rk, null);
    }
  }

  /** Shows the elements only when there is a picture behind them. */
  function show() {
    if (styled) return;
    styled = true;
    root.hidden = false;
  }

  return {root, apply, nodeOf, takerOf, frontTaker, keepsFocus, eachOutside, enforceValue, enlarge, show,
          scale: () => scale,
          main: () => root.querySelector('main'),
          byId: (id) => elements.get(id)};
})();
