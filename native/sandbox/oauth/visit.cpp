#include "native/sandbox/oauth/visit.hpp"

#include "native/vault/random.hpp"

namespace rekey::sandbox {

std::string Visits::begin(Visit visit, Instant now) {
  const std::lock_guard lock(mutex_);
  std::erase_if(visits_, [&](const auto& entry) { return entry.second.until <= now; });
  visit.id = vault::random_token(18);
  visit.until = now + std::chrono::minutes{30};
  std::string id = visit.id;
  visits_[id] = std::move(visit);
  return id;
}

std::optional<Visit> Visits::find(const std::string& id, Instant now) const {
  const std::lock_guard lock(mutex_);
  const auto found = visits_.find(id);
  if (found == visits_.end() || found->second.until <= now) return std::nullopt;
  return found->second;
}

void Visits::update(const Visit& visit) {
  const std::lock_guard lock(mutex_);
  // One that was answered meanwhile stays answered.
  if (const auto found = visits_.find(visit.id); found != visits_.end()) found->second = visit;
}

std::optional<Visit> Visits::finish(const std::string& id, Instant now) {
  const std::lock_guard lock(mutex_);
  const auto found = visits_.find(id);
  if (found == visits_.end() || found->second.until <= now) return std::nullopt;
  Visit visit = std::move(found->second);
  visits_.erase(found);
  return visit;
}

}  // namespace rekey::sandbox
