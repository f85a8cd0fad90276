// Files that the person is given, or chooses.
const rkFiles = (() => {
  'use strict';

  function save(name, type, text) {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], {type}));
    link.download = name;
    link.click();
    // Once the browser has begun to read it.
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  // Spreadsheets write UTF-8 or UTF-16, or else the code page of Windows.
  function decode(bytes) {
    const [first, second] = bytes;
    if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
    if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
    try {
      return new TextDecoder('utf-8', {fatal: true}).decode(bytes);
    } catch (error) {
      return new TextDecoder('windows-1252').decode(bytes);
    }
  }

  let input = null;
  function choose(accept) {
    if (input) input.remove();
    const own = input = document.createElement('input');
    own.type = 'file';
    own.accept = accept;
    own.hidden = true;
    document.body.append(own);  // where it is not part of the page, some browsers ask nothing
    own.addEventListener('change', async () => {
      const file = own.files[0];
      own.remove();
      if (!file || input !== own) return;
      const text = decode(new Uint8Array(await file.arrayBuffer()));
      if (input !== own) return;
      rkNet.withTexts([text], (at) => Module._rk_file_chosen(at, lengthBytesUTF8(text)));
      rkLoop.wake();
    });
    own.click();
  }

  return {save, choose};
})();
