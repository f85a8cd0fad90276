// What the page needs from the browser besides pixels and the network.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rekey::web::platform {

/// Where the person was at an entry of the tab's history, when they left it.
struct LeftAt {
  float top = 0;            ///< how far the content was scrolled, in CSS pixels
  std::uint32_t focus = 0;  ///< the widget that had the focus; 0: none
};

/// What the address held when the page was opened. The address bar was cleaned before anything else
/// was loaded; this can be had once, a second call gives empty texts.
struct Launch {
  std::string search;         ///< "?code=…&state=…" or empty
  std::string hash;           ///< "#session=…", the address of a view ("#/connection"), or empty
  std::string path;           ///< "/"
  LeftAt left = {};           ///< of a page that is loaded anew, or that Back led to
  bool is_next_step = false;  ///< loaded by `load_at`
};
Launch take_launch();

/// The address of what is shown, behind the #: a new entry of the history, or in place of this one.
/// Neither is told to `on_address`.
void push_address(std::string_view address);
void replace_address(std::string_view address);
/// An address that the person went to: by a link, by typing it, by Back or Forward.
struct Address {
  std::string address;                 ///< "#/connection", or empty
  std::optional<LeftAt> left_at = {};  ///< by Back or Forward, of an entry that they were at
};
/// Calls back when the person has gone to an address of the page; only one is called.
void on_address(std::function<void(Address)> gone_to);

/// Milliseconds since 1970, by the browser's clock.
std::int64_t now_ms();
/// So many random bytes of the browser's cryptographic source, in hexadecimal.
std::string random_hex(int bytes);

/// What outlives a reload of this tab, and nothing more (sessionStorage). Never a token or a code.
std::optional<std::string> stored(std::string_view key);
void store(std::string_view key, std::string_view value);
void forget(std::string_view key);

/// Leaves the page for another address, for example Intuit's consent.
void navigate(std::string_view url);
/// Loads the page anew at an address of it, with a new entry of the history where it is another
/// one: "refresh to apply settings".
void load_at(std::string_view address);
/// Loads the page anew as it is.
void reload();

/// Gives the person a file of UTF-8 text, as a download.
void save_file(std::string_view name, std::string_view type, std::string_view text);
/// Lets the person choose a file of these kinds (as HTML's `accept`), while a press of theirs is
/// being dealt with. `chosen` is called at most once, later, with its text in UTF-8: what
/// spreadsheets write (UTF-8, UTF-16 or windows-1252) is told apart. A second call replaces the
/// first.
void choose_file(std::string_view accept, std::function<void(std::string)> chosen);

/// Prints this instead of the page: JSON of `title`, `facts` (sentences below it) and `tables`,
/// each with a `name`, the `head` of its columns (or none) and `rows` of texts.
void print(std::string_view document);
/// Calls back when the person asks the browser to print by its keys; true: it is dealt with.
void on_print(bool (*callback)(void* context), void* context);

/// Whether the browser keeps cookies for this page, as far as it says so.
bool cookies();

/// The language of the page, "fr-CA": one there is a file of texts for.
std::string language();
/// That file, as it was loaded with the page.
std::string words();
/// Another number after each change of the language.
int language_turn();
/// The languages that can be chosen, a line each: the tag, a tab, its name for itself.
std::string languages();
/// Changes the language of the page, once its texts are loaded. Calls back only when they cannot
/// be; then nothing has changed.
void choose_language(std::string_view tag, void (*failed)(void* context), void* context);
/// A number as people of that language write it, for example "1,200".
std::string format_number(double value);
/// A day ("3 May 2026") or a day with its time, in the page's language and the browser's time zone.
std::string format_date(std::int64_t ms, bool with_time);
/// Texts one after the other as the page's language lists them: "A, B and C".
std::string format_list(const std::vector<std::string>& texts);

/// Runs frames until everything is handled, then paints. Call it after the model was changed by
/// anything other than a widget: an answer from the network does so by itself.
void wake();
/// Calls back once after so many milliseconds, and wakes.
void after(int milliseconds, void (*callback)(void* context), void* context);
/// Calls back whenever the browser shows this page again out of its memory (the back button): what
/// it shows may be old by then, and nothing that was awaited will come.
void on_return(void (*callback)(void* context), void* context);

}  // namespace rekey::web::platform
