// Words in any script: the browser's own fonts and shaping, set into a texture of ours.
const rkText = (() => {
  'use strict';

  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', {willReadFrequently: true});
  const rightToLeft = /[\u0591-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
  const leftToRight = /[A-Za-z\u00c0-\u058f\u0900-\u1fff\u2c00-\ud7ff]/;
  const apart = /[\u2066-\u2068][^\u2069]*(?:\u2069|$)/g;
  const names = ['inter-400.ttf', 'inter-500.ttf', 'inter-600.ttf', 'icons.ttf'];
  const weights = [400, 500, 600];
  // What is in the second file of each weight: the same as in web/fonts.cmake.
  const moreLetters = 'U+180-24F,U+259,U+2BB-2BC,U+2C6-2C7,U+2D8-2DD,U+370-3FF,U+400-52F,U+1E00-1EFF,' +
    'U+2070-2094,U+20A0-20AB,U+20AD-20BF,U+2116,U+2248,U+2260,U+2264-2265';
  const fonts = [];
  let families = 'Inter, system-ui, sans-serif';

  // The direction of a text is the page's where it has letters that run so; else that of its first
  // letter. Names that stand apart in it do not count.
  function direction(text) {
    const own = text.replace(apart, '');
    const right = own.search(rightToLeft);
    const left = own.search(leftToRight);
    if (rkBoot.isRightToLeft()) return right >= 0 || left < 0 ? 'rtl' : 'ltr';
    return right >= 0 && (left < 0 || right < left) ? 'rtl' : 'ltr';
  }

  function prepare(text, px, weight) {
    if ('lang' in context) context.lang = rkBoot.language();  // of newer browsers
    context.font = weight + ' ' + px + 'px ' + families;
    context.textBaseline = 'alphabetic';
    context.textAlign = 'left';
    context.fontKerning = 'none';  // as everywhere on the page
    context.direction = direction(text);
  }

  function width(text, px, weight) {
    context.setTransform(1, 0, 0, 1, 0, 0);
    prepare(text, px, weight);
    return context.measureText(text).width;
  }

  function draw(text, px, line, weight, rgb, density, texture, x, y, w, h, skip) {
    if (canvas.width < w || canvas.height < h) {
      canvas.width = Math.max(canvas.width, w);
      canvas.height = Math.max(canvas.height, h);
    }
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.setTransform(density, 0, 0, density, -skip, 0);
    prepare(text, px, weight);
    context.fillStyle = '#' + rgb.toString(16).padStart(6, '0');
    // The baseline Inter has in a line of this height, so that runs of both stand level.
    const ascent = px * 1984 / 2048, height = px * 2478 / 2048;
    context.fillText(text, 2, line * 0.25 + Math.round((line - height) / 2 + ascent));
    const pixels = context.getImageData(0, 0, w, h);
    GLctx.bindTexture(GLctx.TEXTURE_2D, GL.textures[texture]);
    GLctx.pixelStorei(GLctx.UNPACK_ROW_LENGTH, 0);
    GLctx.texSubImage2D(GLctx.TEXTURE_2D, 0, x, y, GLctx.RGBA, GLctx.UNSIGNED_BYTE, pixels);
  }

  const fold = (text) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

  /** The fonts beside Inter are those of the page's language. */
  function useLanguage() {
    families = getComputedStyle(document.documentElement).getPropertyValue('--families').trim() || families;
  }

  // The same bytes go to the browser, for inputs and runs of ours, and to C++.
  async function loadFonts() {
    const loaded = await Promise.all(names.map(async (name) => {
      const answer = await fetch(rkBoot.file('fonts/' + name));
      if (!answer.ok) throw new Error('The font ' + name + ' could not be loaded.');
      return answer.arrayBuffer();
    }));
    loaded.forEach((bytes, index) => {
      fonts.push(new Uint8Array(bytes));
      if (index === 3) return;
      document.fonts.add(new FontFace('Inter', bytes, {weight: String(weights[index])}));
    });
    await Promise.all(weights.map((weight) => document.fonts.load(weight + ' 14px Inter')));
    offerMoreLetters();
  }

  // The browser fetches these when it sets a letter of theirs; what it had set until then is set anew.
  function offerMoreLetters() {
    for (const weight of weights) {
      const source = 'url("' + rkBoot.file('fonts/inter-' + weight + '-more.ttf') + '")';
      document.fonts.add(new FontFace('Inter', source, {weight: String(weight), unicodeRange: moreLetters}));
    }
    document.fonts.addEventListener('loadingdone', () => {
      if (!document.documentElement.dataset.ready) return;
      Module._rk_fonts();
      rkLoop.schedule();
    });
  }

  return {width, draw, fold, loadFonts, useLanguage, font: (index) => fonts[index]};
})();

// What Emscripten's script finds when it begins.
var Module = {
  preRun: [() => {
    addRunDependency('files');
    Promise.all([rkText.loadFonts(), rkBrowser.loadWords()])
      .then(() => removeRunDependency('files'), () => rkBoot.cannotStart('files'));
  }],
  onAbort: () => rkBoot.cannotStart('wasm'),
};
