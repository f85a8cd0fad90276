// Words in any script: the browser's own fonts and shaping, set into a texture of ours.
const rkText = (() => {
  'use strict';

  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', {willReadFrequently: true});
  const rightToLeft = /[\u0591-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
  const leftToRight = /[A-Za-z\u00c0-\u058f\u0900-\ud7ff]/;
  const names = ['inter-400.ttf', 'inter-500.ttf', 'inter-600.ttf', 'icons.ttf'];
  const fonts = [];

  // The direction of a text is that of its first letter that has one.
  function direction(text) {
    const right = text.search(rightToLeft);
    const left = text.search(leftToRight);
    return right >= 0 && (left < 0 || right < left) ? 'rtl' : 'ltr';
  }

  function prepare(text, px, weight) {
    context.font = weight + ' ' + px + 'px Inter, system-ui, sans-serif';
    context.textBaseline = 'alphabetic';
    context.textAlign = 'left';
    context.direction = direction(text);
  }

  function width(text, px, weight) {
    context.setTransform(1, 0, 0, 1, 0, 0);
    prepare(text, px, weight);
    return context.measureText(text).width;
  }

  function draw(text, px, line, weight, rgb, density, texture, x, y, w, h) {
    if (canvas.width < w || canvas.height < h) {
      canvas.width = Math.max(canvas.width, w);
      canvas.height = Math.max(canvas.height, h);
    }
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.setTransform(density, 0, 0, density, 0, 0);
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
      document.fonts.add(new FontFace('Inter', bytes, {weight: String(400 + 100 * index)}));
    });
    await Promise.all([400, 500, 600].map((weight) => document.fonts.load(weight + ' 14px Inter')));
  }

  return {width, draw, fold, loadFonts, font: (index) => fonts[index]};
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
