#include "native/config_secrets.hpp"

#include <algorithm>
#include <cstdlib>

#include "core/text/catalogue.hpp"
#include "native/config_url.hpp"
#include "native/system/process.hpp"

namespace rekey::config {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

/// Lower case, and %70 written as p.
std::string written_plainly(std::string_view text) {
  const std::string lower = in_lower_case(text);
  std::string out;
  for (std::size_t i = 0; i < lower.size(); ++i) {
    const bool coded = lower[i] == '%' && i + 2 < lower.size() && hex_digit(lower[i + 1]) >= 0 &&
                       hex_digit(lower[i + 2]) >= 0;
    out += coded ? static_cast<char>(hex_digit(lower[i + 1]) * 16 + hex_digit(lower[i + 2]))
                 : lower[i];
    if (coded) i += 2;
  }
  return in_lower_case(out);
}

/// password = x, and what ends in it.
bool assigns_password(std::string_view text) {
  constexpr std::string_view blank = " \t\r\n\v\f";
  for (const std::string_view word : {"password", "passwd", "pgpassword"}) {
    for (auto at = text.find(word); at != text.npos; at = text.find(word, at + 1)) {
      auto rest = text.substr(at + word.size());
      rest.remove_prefix(std::min(rest.find_first_not_of(blank), rest.size()));
      if (!rest.starts_with('=')) continue;
      rest.remove_prefix(1);
      rest.remove_prefix(std::min(rest.find_first_not_of(blank), rest.size()));
      if (!rest.empty() && rest.front() != '&' && !rest.starts_with("''")) return true;
    }
  }
  return false;
}

/// scheme://user:password@host. A password may have characters in it that should have been coded;
/// but an address of the web has its first slash where the path begins.
bool has_user_with_password(std::string_view text) {
  for (auto at = text.find(":/"); at != text.npos; at = text.find(":/", at + 1)) {
    const auto start = std::min(text.find_first_not_of('/', at + 1), text.size());
    const bool web = text.substr(0, at).ends_with("http") || text.substr(0, at).ends_with("https");
    auto rest = text.substr(start);
    if (web) rest = rest.substr(0, rest.find_first_of("/?# "));
    const auto end = rest.rfind('@');
    const auto colon = rest.find(':');
    if (end != rest.npos && colon < end && colon + 1 < end) return true;
  }
  return false;
}

}  // namespace

bool shows_password(std::string_view text) {
  const std::string plain = written_plainly(text);
  return assigns_password(plain) || has_user_with_password(in_lower_case(text)) ||
         has_user_with_password(plain);
}

bool looks_like_key(std::string_view text) {
  return text.size() == 44 && text.back() == '=' &&
         std::all_of(text.begin(), text.end() - 1, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '+' || c == '/';
         });
}

std::string complaint_of(int argc, const char* const* argv) {
  for (int i = 1; i < argc; ++i)
    if (shows_password(argv[i]))
      return text::fill(
          "Argument {number} has a password in it, and would show it to everybody who can list the "
          "programs that run. Put the database's address into REKEY_DATABASE or a settings file "
          "(--config), or its password into ~/.pgpass; and change the password.",
          {{"number", std::to_string(i)}});
  return {};
}

void forget_secrets(Settings& settings) {
  // What is a secret by itself, and what may have one in it.
  std::vector<std::string> names;
  for (const Setting& setting : all_settings())
    if (setting.secret) names.push_back(environment_name(setting.name));
  if (shows_password(settings.database)) names.push_back(environment_name("database"));
  if (const char* password = std::getenv("PGPASSWORD"); password != nullptr) {
    settings.database_password = Secret(std::string(password));
    names.emplace_back("PGPASSWORD");
  }
  system::forget_environment({names.begin(), names.end()});
}

}  // namespace rekey::config
