// Performs queued effects, and answers each with an event. An effect may run twice (when a process
// died before it could note that it was done) and must do no harm by it.
#pragma once

#include <functional>
#include <optional>

#include "core/refresh/step.hpp"
#include "native/work/tokens.hpp"

namespace rekey::work {

/// Whether a job is over, or is tried again at a time.
struct Again {
  Again() = default;
  Again(Instant when) : at(when) {}
  explicit operator bool() const { return at.has_value(); }

  std::optional<Instant> at;
  bool stepped = false;  ///< a part of it was done: the next run is not another try
};

/// How a job stands to the others.
struct Place {
  std::function<bool()> stop;    ///< the process is ending: long work gives up its place
  std::function<bool()> others;  ///< others of its lane wait for it to step back
};

/// Performs effects.
class Performer {
 public:
  Performer(Driver& driver, const ProviderClients& clients)
      : driver_(driver), clients_(clients), tokens_(driver, clients) {}

  /// Performs a job whose effect is still wanted, without holding a thread while it waits for the
  /// provider. This, and what it was made of, must outlive it.
  async::Task<Again> perform(store::Job job, Place place);

 private:
  struct Code;
  Code take_code(const Owner& owner, std::int64_t version);
  void drop_code(const Owner& owner, std::int64_t version);
  bool put_code_back(const Owner& owner, std::int64_t version, const Code& code, Instant next);
  Again not_exchanged(const Owner& owner, const ExchangeCode& effect, int attempts,
                      const Code& code, const oauth::Failure& failure);
  async::Task<Again> exchange(const Owner& owner, const ExchangeCode& effect, int attempts);
  async::Task<Again> prove(const Owner& owner, const ProveCompany& effect, int attempts);
  async::Task<Again> revoke(const Owner& owner, const Revoke& effect, int attempts);
  async::Task<Again> retire(const Owner& owner, const RetireLegacy& effect, int attempts);
  Again wait_before_revoking(const Owner& owner, const Revoke& effect, int attempts);
  bool is_ours_to_revoke(const Owner& owner, std::int64_t version);
  Secret token_to_revoke(const Owner& owner, std::int64_t version);
  std::optional<oauth::Credential> credential_to_retire(const Owner& owner);
  Again after_revoking(const Owner& owner, std::int64_t version, int attempts, bool told);
  void forget_with(const Owner& owner, std::int64_t version, const wire::Actor& actor,
                   const Event& event);
  async::Task<Again> store_configuration(const Owner& owner, const StoreConfiguration& effect);
  async::Task<Again> run_import(const Owner& owner, const RunImport& effect, int attempts,
                                const Place& place);
  async::Task<Again> nothing();

  Driver& driver_;
  const ProviderClients& clients_;
  Tokens tokens_;
};

}  // namespace rekey::work
