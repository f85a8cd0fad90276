#include "native/server/memory.hpp"

#include "native/store/changes.hpp"

namespace rekey::server {

namespace {

// Fifteen hundred access tokens of Intuit's usual size. Those asked for more rarely are read from
// the store, which takes about a millisecond.
constexpr std::size_t most_token_bytes = 2 << 20;

}  // namespace

std::optional<Renewals::Renewal> Renewals::last(const std::string& connection) const {
  const std::lock_guard lock(mutex_);
  const auto at = last_.find(connection);
  if (at == last_.end()) return {};
  return at->second;
}

void Renewals::note(const std::string& connection, Renewal renewal, Instant too_old) {
  const std::lock_guard lock(mutex_);
  std::erase_if(last_, [&](const auto& each) { return each.second.at < too_old; });
  last_[connection] = std::move(renewal);
}

Memory::Memory(std::shared_ptr<store::Databases> databases, work::Hub& hub)
    : keys(*databases),
      tokens(most_token_bytes),
      hub_(hub),
      listening_(hub.listen_to_all([this](const std::string& id) { tokens.forget(id); })),
      watch_(databases, [this](const std::string& subject) { forget(subject); }) {}

void Memory::forget(const std::string& subject) {
  if (subject.empty()) {
    tokens.forget_all();
    keys.forget();
    hub_.tell_everybody();
  } else if (subject == store::api_keys_changed) {
    keys.forget();
  } else {
    hub_.tell(subject);  // us too
  }
}

}  // namespace rekey::server
