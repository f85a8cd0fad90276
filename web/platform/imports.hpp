// Every function the browser's side gives us: implemented in platform/js, declared only here.
#pragma once

// Texts go out as address and length; a returned text is malloc'd and ours to free.
extern "C" {
// mirror.js, speech
void rk_js_apply(const char* text, int size);
void rk_js_say(const char* text, int size, int urgent);
void rk_js_started();
void rk_js_cannot_start(const char* reason, int size);
// loop.js
void rk_js_wake();
void rk_js_unsettled();
double rk_js_now_ms();
// text.js
int rk_js_font_size(int index);
void rk_js_font_copy(int index, void* to);
double rk_js_text_width(const char* text, int size, double px, int weight);
void rk_js_text_draw(const char* text, int size, double px, double line, int weight, int rgb,
                     double density, unsigned texture, int x, int y, int w, int h, int skip);
char* rk_js_fold(const char* text, int size);
// browser.js
char* rk_js_launch(int part);
char* rk_js_random_hex(int bytes);
char* rk_js_stored(const char* key, int size);
void rk_js_store(const char* key, int key_size, const char* value, int value_size);
void rk_js_forget(const char* key, int size);
void rk_js_navigate(const char* url, int size);
void rk_js_reload();
// address.js
void rk_js_address(const char* address, int size, int replaces);
void rk_js_load_at(const char* address, int size);
void rk_js_save_file(const char* name, int name_size, const char* type, int type_size,
                     const char* text, int size);
void rk_js_print(const char* document, int size);
void rk_js_choose_file(const char* accept, int size);
int rk_js_cookies();
char* rk_js_language();
char* rk_js_words();
char* rk_js_languages();
void rk_js_choose_language(const char* tag, int size);
char* rk_js_format_number(double value);
char* rk_js_format_date(double ms, int with_time);
char* rk_js_format_list(const char* texts, int size);
void rk_js_after(int milliseconds, int handle);
// net.js
void rk_js_send(int handle, const char* request, int size);
void rk_js_open_stream(int handle, const char* connection, int connection_size, const char* last_id,
                       int last_id_size);
void rk_js_close_stream(int handle);
}
