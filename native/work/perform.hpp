// What each queued effect does, and which event it answers with. An effect may run twice (a process
// died before it could say that it was done) and must not harm by it.
#pragma once

#include <optional>

#include "native/work/backoff.hpp"
#include "native/work/tokens.hpp"

namespace rekey::work {

/// Whether a job is over, or is to be tried again at a time.
using Again = std::optional<Instant>;

/// Performs effects.
class Performer {
 public:
  Performer(Driver& driver, const Outside& outside)
      : driver_(driver), outside_(outside), tokens_(driver, outside) {}

  /// Performs a job whose effect is still wanted. `stop`: the process is ending; long work gives up
  /// its place early.
  Again perform(const store::Job& job, const std::function<bool()>& stop);

 private:
  Again exchange(const Owner& owner, const ExchangeCode& effect);
  Again prove(const Owner& owner, const ProveCompany& effect, int attempts);
  Again revoke(const Owner& owner, const Revoke& effect, int attempts);
  Again retire(const Owner& owner, const RetireLegacy& effect, int attempts);
  Again wait_before_revoking(const Owner& owner, const Revoke& effect, int attempts);
  Secret token_to_revoke(const Owner& owner, std::int64_t version);
  std::optional<oauth::Credential> credential_to_retire(const Owner& owner);
  Again after_revoking(const Owner& owner, std::int64_t version, int attempts, bool told);
  void forget_with(const Owner& owner, std::int64_t version, const wire::Actor& actor,
                   const Event& event);
  Again store_configuration(const Owner& owner, const StoreConfiguration& effect);
  Again run_import(const Owner& owner, const RunImport& effect, int attempts,
                   const std::function<bool()>& stop);
  Again import_failed(const Owner& owner, const RunImport& effect, int attempts,
                      const intuit::ReadFailure& failure);

  Driver& driver_;
  const Outside& outside_;
  Tokens tokens_;
};

}  // namespace rekey::work
