#include "native/work/webhook_targets.hpp"

#include <algorithm>

#include "native/http/addresses.hpp"
#include "native/words/words.hpp"

namespace rekey::work {

namespace {

constexpr std::size_t longest = 2048;

bool has_odd_characters(const std::string& url) {
  return std::any_of(url.begin(), url.end(), [](char c) {
    return c <= ' ' || c >= 0x7f || c == '#' || c == '@' || c == '\\' || c == '"';
  });
}

}  // namespace

Result<void> WebhookTargets::check(const std::string& url) const {
  const bool https = url.starts_with("https://");
  if ((!https && !url.starts_with("http://")) || url.size() > longest || has_odd_characters(url))
    return fail(Code::bad_input, words::say("bad_input.webhook_url"));
  const auto host = http::host_of(url);
  if (std::find(allowed_.begin(), allowed_.end(), host) != allowed_.end()) return {};
  if (!https) return fail(Code::bad_input, words::say("bad_input.webhook_insecure"));
  const bool number =
      host.find_first_not_of("0123456789.") == std::string::npos || host.starts_with("[");
  const auto bare = host.starts_with("[") ? host.substr(1, host.size() - 2) : host;
  if (host == "localhost" || host.ends_with(".localhost") ||
      (number && !http::is_public_address(bare)))
    return fail(Code::bad_input, words::say("bad_input.webhook_inside"));
  return {};
}

std::shared_ptr<http::Client> WebhookTargets::make_client(std::shared_ptr<async::Pool> pool) const {
  http::ClientOptions options;
  options.connect_timeout_ms = 5'000;
  options.total_timeout_ms = 15'000;  // as the Standard Webhooks specification advises
  options.max_body = 64 << 10;
  options.user_agent = "rekey-webhooks";
  options.public_only = true;
  options.private_hosts = allowed_;
  return http::make_client(std::move(options), std::move(pool));
}

}  // namespace rekey::work
