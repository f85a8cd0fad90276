// People on their way through sign-in, choice of company and consent.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "native/sandbox/grants/grants.hpp"

namespace rekey::sandbox {

/// One authorization request that was found good, and how far the person has come with it.
struct Visit {
  std::string id;
  std::string state;
  std::string login_hint;
  Consent asked;  ///< user and realm are filled in on the way
  Instant until{};
};

/// Thread-safe. A visit ends when it is answered, or half an hour after it began.
class Visits {
 public:
  std::string begin(Visit visit, Instant now);
  std::optional<Visit> find(const std::string& id, Instant now) const;
  void update(const Visit& visit);
  /// Takes a visit away to answer it: only one can.
  std::optional<Visit> finish(const std::string& id, Instant now);

 private:
  mutable std::mutex mutex_;
  std::map<std::string, Visit> visits_;
};

}  // namespace rekey::sandbox
