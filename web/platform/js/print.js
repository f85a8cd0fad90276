// Printing: what is on paper is a document of its own, of plain elements, since the page is a picture
// of what fits on the screen.
const rkPrint = (() => {
  'use strict';

  function made(tag, parent, text) {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    parent.append(element);
    return element;
  }

  function table(parent, {name, head, rows}) {
    made('h2', parent, name);
    const table = made('table', parent);
    if (head.length > 0) {
      const row = made('tr', made('thead', table));
      for (const title of head) made('th', row, title);
    }
    const body = made('tbody', table);
    for (const cells of rows) {
      const row = made('tr', body);
      for (const cell of cells) made('td', row, cell).dir = 'auto';
    }
  }

  function print({title, facts, tables}) {
    clear();
    const paper = document.createElement('article');
    paper.id = 'paper';
    made('h1', paper, title);
    for (const fact of facts) made('p', paper, fact);
    for (const each of tables) table(paper, each);
    document.body.append(paper);
    document.documentElement.dataset.paper = 'yes';
    window.print();
  }

  function clear() {
    delete document.documentElement.dataset.paper;
    const old = document.getElementById('paper');
    if (old) old.remove();
  }
  window.addEventListener('afterprint', clear);

  return {print};
})();
