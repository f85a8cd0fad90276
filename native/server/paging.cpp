#include "native/server/paging.hpp"

#include <charconv>

#include "native/vault/random.hpp"
#include "native/words/words.hpp"

namespace rekey::server {

namespace {

constexpr std::string_view mark = "1:";  // of this form, should there ever be another

Result<std::string> not_ours() {
  return fail(Code::bad_input, words::say("bad_input.cursor"));
}

}  // namespace

wire::Json cursor_after(const std::string& key) {
  if (key.empty()) return nullptr;
  return vault::base64url_encode(std::string(mark) + key);
}

Result<std::string> after_cursor(const std::optional<std::string>& cursor) {
  if (!cursor || cursor->empty()) return std::string();
  const auto text = vault::base64url_decode(*cursor);
  if (!text || !text->starts_with(mark)) return not_ours();
  return text->substr(mark.size());
}

Result<std::int64_t> number_after_cursor(const std::optional<std::string>& cursor) {
  const auto text = after_cursor(cursor);
  if (!text) return tl::unexpected(text.error());
  if (text->empty()) return 0;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc{} || end != text->data() + text->size())
    return tl::unexpected(not_ours().error());
  return value;
}

}  // namespace rekey::server
