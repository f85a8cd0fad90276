#include "native/server/api_keys.hpp"

#include <algorithm>

#include "core/wire/fields.hpp"
#include "native/vault/random.hpp"
#include "native/words/words.hpp"

namespace rekey::server {

namespace {

template <class Use>
void each_word(std::string_view text, Use use) {
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of(" ,"), text.size());
    if (end > 0) use(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

std::string written(unsigned scopes) {
  std::string out;
  const auto names = names_of(Scope{});
  for (unsigned i = 0; i < names.size(); ++i)
    if ((scopes >> i & 1U) != 0) out.append(out.empty() ? "" : " ").append(names[i]);
  return out;
}

constexpr unsigned all_scopes = (1U << names_of(Scope{}).size()) - 1;

}  // namespace

std::string default_scopes() {
  return written(all_scopes & ~(1U << static_cast<unsigned>(Scope::grants_export)));
}

Result<std::string> checked_scopes(std::string_view names) {
  unsigned scopes = 0;
  std::string unknown;
  each_word(names, [&](std::string_view name) {
    if (name == "*") {
      scopes = all_scopes;
    } else if (const auto scope = wire::enumerator_of<Scope>(name)) {
      scopes |= 1U << static_cast<unsigned>(*scope);
    } else {
      unknown = name;
    }
  });
  if (!unknown.empty())
    return fail(Code::bad_input, words::say("bad_input.scope",
                                            {{"scope", unknown}, {"scopes", written(all_scopes)}}));
  if (scopes == 0) return fail(Code::bad_input, words::say("bad_input.api_key_without_scope"));
  return written(scopes);
}

Caller::Caller(store::ApiKey key) : key_(std::move(key)) {
  if (key_.scopes == "*") scopes_ = all_scopes;
  each_word(key_.scopes, [this](std::string_view name) {
    if (const auto scope = wire::enumerator_of<Scope>(name))
      scopes_ |= 1U << static_cast<unsigned>(*scope);
  });
  tokens_ = static_cast<double>(key_.burst.value_or(key_.rate.value_or(0)));
}

std::optional<Allowance> Caller::spend(std::chrono::steady_clock::time_point now) {
  if (!key_.rate) return {};
  const auto burst = std::max<std::int64_t>(1, key_.burst.value_or(*key_.rate));
  const std::lock_guard lock(mutex_);
  if (filled_ != std::chrono::steady_clock::time_point{}) {
    const std::chrono::duration<double> passed = now - filled_;
    tokens_ = std::min(static_cast<double>(burst),
                       tokens_ + passed.count() * static_cast<double>(*key_.rate));
  }
  filled_ = now;
  const bool spent = tokens_ < 1;
  if (!spent) tokens_ -= 1;
  return Allowance{burst, *key_.rate, static_cast<std::int64_t>(tokens_), spent};
}

std::shared_ptr<Caller> KeyRing::recall(std::string_view key) const {
  const auto hash = vault::sha256(key);
  const std::shared_lock lock(mutex_);
  const auto at = callers_.find(hash);
  return at == callers_.end() ? nullptr : at->second;
}

std::shared_ptr<Caller> KeyRing::find(std::string_view key) {
  if (auto known = recall(key)) return known;
  std::uint64_t seen = 0;
  {
    const std::shared_lock lock(mutex_);
    seen = forgotten_;
  }
  const auto hash = vault::sha256(key);
  std::optional<store::ApiKey> stored;
  {
    auto db = databases_.borrow();
    stored = store::api_key(*db, vault::hex_encode(hash));
  }
  if (!stored) return nullptr;
  const std::lock_guard lock(mutex_);
  // A key whose limit did not change goes on with the bucket it had.
  auto caller = before_[stored->id];
  const bool same = caller && caller->key().scopes == stored->scopes &&
                    caller->key().rate == stored->rate && caller->key().burst == stored->burst;
  if (!same) caller = std::make_shared<Caller>(std::move(*stored));
  before_[caller->key().id] = caller;
  // Revoked between the reading and now: this request was first, the next is not served.
  if (forgotten_ == seen) callers_[hash] = caller;
  return caller;
}

void KeyRing::forget() {
  const std::lock_guard lock(mutex_);
  ++forgotten_;
  callers_.clear();
}

std::optional<std::string_view> bearer(std::string_view authorization) {
  // RFC 9110 section 11.1: the scheme's name has no case.
  constexpr std::string_view scheme = "bearer ";
  if (authorization.size() <= scheme.size()) return {};
  for (std::size_t i = 0; i < scheme.size(); ++i) {
    const char c = authorization[i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c) != scheme[i]) return {};
  }
  return authorization.substr(scheme.size());
}

}  // namespace rekey::server
