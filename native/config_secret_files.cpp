#include "native/config_secret_files.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "core/text/catalogue.hpp"
#include "native/system/private_file.hpp"

namespace rekey::config {

namespace {

constexpr const char* blank_of_secrets = " \t\r\n";

/// What is wrong with who may read a file; none: nothing.
std::optional<std::string> complaint_of_readers(const std::string& path, const char* what) {
  const auto checked = system::check_private_file(
      path, text::fill("{what} {path}", {{"what", what}, {"path", path}}), system::Readers::group);
  if (checked) return {};
  return "." + checked.error().hint;
}

/// What a file of secrets holds, without blanks at its end; or what is wrong with it.
Result<Secret> read_secret_file(const std::string& path, const char* what) {
  if (auto wrong = complaint_of_readers(path, what)) return fail(Code::misconfigured, *wrong);
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  text.erase(text.find_last_not_of(blank_of_secrets) + 1);
  Secret secret(std::move(text));
  if (!file || secret.empty()) return fail(Code::misconfigured, "");
  return secret;
}

}  // namespace

std::optional<std::string> take_tls_key(Settings& settings, const std::string& value) {
  if (auto wrong = complaint_of_readers(value, "The TLS key")) return wrong;
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(value, ignored)) return "a file that exists";
  settings.tls_key = value;
  return {};
}

std::optional<std::string> take_secret_file(Settings& settings, const std::string& value) {
  auto secret = read_secret_file(value, "The client secret's file");
  if (!secret && !secret.error().hint.empty()) return secret.error().hint;
  if (!secret) return "a file that can be read and holds the client secret";
  settings.client_secret = std::move(*secret);
  return {};
}

std::optional<std::string> take_verifier_tokens(Settings& settings, const std::string& value) {
  add_verifier_tokens(settings, value);
  return {};
}

std::optional<std::string> take_verifier_token_file(Settings& settings, const std::string& value) {
  const auto secret = read_secret_file(value, "The verifier token's file");
  if (!secret && !secret.error().hint.empty()) return secret.error().hint;
  if (!secret) return "a file that can be read and holds a verifier token, or one a line";
  add_verifier_tokens(settings, secret->reveal());
  return {};
}

void add_verifier_tokens(Settings& settings, std::string_view text) {
  for (auto at = text.find_first_not_of(blank_of_secrets); at != text.npos;) {
    const auto end = std::min(text.find_first_of(blank_of_secrets, at), text.size());
    settings.webhook_verifier_tokens.emplace_back(text.substr(at, end - at));
    at = text.find_first_not_of(blank_of_secrets, end);
  }
}

}  // namespace rekey::config
