// Answers that were given to writes with a `requestid`, to be given again.
#pragma once

#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "native/http/http.hpp"

namespace rekey::sandbox {

/// Keeps the latest ten thousand. Thread-safe.
class Answered {
 public:
  std::optional<http::Response> find(const std::string& known_as) const {
    const std::lock_guard lock(mutex_);
    const auto found = answers_.find(known_as);
    return found == answers_.end() ? std::nullopt : std::optional(found->second);
  }
  void keep(const std::string& known_as, const http::Response& response) {
    const std::lock_guard lock(mutex_);
    if (!answers_.emplace(known_as, response).second) return;
    order_.push_back(known_as);
    if (order_.size() <= most) return;
    answers_.erase(order_.front());
    order_.pop_front();
  }

 private:
  static constexpr std::size_t most = 10'000;
  mutable std::mutex mutex_;
  std::map<std::string, http::Response> answers_;
  std::deque<std::string> order_;
};

}  // namespace rekey::sandbox
