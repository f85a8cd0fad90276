// The functions that C++ imports (imports.hpp), each one line to where it is done.
mergeInto(LibraryManager.library, {
  $rkGiven: function(text) {
    if (text === null || text === undefined) return 0;
    const size = lengthBytesUTF8(text) + 1;
    const buffer = Module._malloc(size);
    stringToUTF8(text, buffer, size);
    return buffer;
  },

  rk_js_apply: function(text, size) { rkMirror.apply(UTF8ToString(text, size)); },
  rk_js_apply__deps: ['$rkGiven'],
  rk_js_say: function(text, size, urgent) { rkBrowser.say(UTF8ToString(text, size), urgent); },
  rk_js_started: function() { rkLoop.start(); },
  rk_js_cannot_start: function(reason, size) { rkBoot.cannotStart(UTF8ToString(reason, size)); },
  rk_js_wake: function() { rkLoop.wake(); },
  rk_js_unsettled: function() { rkLoop.unsettled(); },
  rk_js_now_ms: function() { return Date.now(); },

  rk_js_font_size: function(index) { return rkText.font(index).length; },
  rk_js_font_copy: function(index, to) { HEAPU8.set(rkText.font(index), to); },
  rk_js_text_width: function(text, size, px, weight) {
    return rkText.width(UTF8ToString(text, size), px, weight);
  },
  rk_js_text_draw: function(text, size, px, line, weight, rgb, density, texture, x, y, w, h, skip) {
    rkText.draw(UTF8ToString(text, size), px, line, weight, rgb, density, texture, x, y, w, h, skip);
  },
  rk_js_fold: function(text, size) { return rkGiven(rkText.fold(UTF8ToString(text, size))); },
  rk_js_fold__deps: ['$rkGiven'],

  rk_js_launch: function(part) { return rkGiven(rkBrowser.launched(part)); },
  rk_js_launch__deps: ['$rkGiven'],
  rk_js_random_hex: function(bytes) { return rkGiven(rkBrowser.randomHex(bytes)); },
  rk_js_random_hex__deps: ['$rkGiven'],
  rk_js_stored: function(key, size) { return rkGiven(rkBrowser.stored(UTF8ToString(key, size))); },
  rk_js_stored__deps: ['$rkGiven'],
  rk_js_store: function(key, keySize, value, valueSize) {
    rkBrowser.store(UTF8ToString(key, keySize), UTF8ToString(value, valueSize));
  },
  rk_js_forget: function(key, size) { rkBrowser.forget(UTF8ToString(key, size)); },
  rk_js_navigate: function(url, size) { window.location.assign(UTF8ToString(url, size)); },
  rk_js_reload: function() { window.location.reload(); },
  rk_js_address: function(address, size, replaces) {
    const to = UTF8ToString(address, size);
    if (replaces) rkAddress.replace(to);
    else rkAddress.push(to);
  },
  rk_js_load_at: function(address, size) { rkAddress.loadAt(UTF8ToString(address, size)); },
  rk_js_save_file: function(name, nameSize, type, typeSize, text, size) {
    rkFiles.save(UTF8ToString(name, nameSize), UTF8ToString(type, typeSize), UTF8ToString(text, size));
  },
  rk_js_print: function(document, size) { rkPrint.print(JSON.parse(UTF8ToString(document, size))); },
  rk_js_choose_file: function(accept, size) { rkFiles.choose(UTF8ToString(accept, size)); },
  rk_js_cookies: function() { return navigator.cookieEnabled ? 1 : 0; },
  rk_js_language: function() { return rkGiven(rkBoot.language()); },
  rk_js_language__deps: ['$rkGiven'],
  rk_js_words: function() { return rkGiven(rkBrowser.words()); },
  rk_js_words__deps: ['$rkGiven'],
  rk_js_languages: function() {
    return rkGiven(Object.entries(rkBoot.languages).map((each) => each.join('\t') + '\n').join(''));
  },
  rk_js_languages__deps: ['$rkGiven'],
  rk_js_choose_language: function(tag, size) { rkBrowser.chooseLanguage(UTF8ToString(tag, size)); },
  rk_js_format_list: function(texts, size) {
    return rkGiven(rkBrowser.formatList(UTF8ToString(texts, size).split('\n')));
  },
  rk_js_format_list__deps: ['$rkGiven'],
  rk_js_format_number: function(value) { return rkGiven(rkBrowser.formatNumber(value)); },
  rk_js_format_number__deps: ['$rkGiven'],
  rk_js_format_date: function(ms, withTime) { return rkGiven(rkBrowser.formatDate(ms, withTime)); },
  rk_js_format_date__deps: ['$rkGiven'],
  rk_js_after: function(milliseconds, handle) {
    setTimeout(() => {
      Module._rk_timer(handle);
      rkLoop.wake();
    }, milliseconds);
  },

  rk_js_send: function(handle, request, size) {
    rkNet.send(handle, JSON.parse(UTF8ToString(request, size)));
  },
  rk_js_open_stream: function(handle, connection, size, lastId, lastIdSize) {
    rkStream.open(handle, UTF8ToString(connection, size), UTF8ToString(lastId, lastIdSize));
  },
  rk_js_close_stream: function(handle) { rkStream.close(handle); },
});
