#include <rapidcheck.h>

#include <catch2/catch_test_macros.hpp>
#include <cstdio>
#include <map>
#include <set>

#include "tests/support/history_maker.hpp"
#include "tests/support/print.hpp"
#include "tests/support/rules.hpp"

// Random histories, far longer and stranger than anybody would write down, held to every rule. A
// failure names the seed and the length, which rapidcheck makes as short as it can.

namespace rekey::test::random_histories_test {

namespace {

struct Counted {
  std::size_t histories = 0, events = 0, refused = 0;
  ~Counted() {
    std::printf("random histories: %zu with %zu events, of which %zu refused\n", histories, events,
                refused);
  }
};

/// What the whole history must keep to, beside what each step must.
struct Ledger {
  std::map<std::string, int> exchanges;
  std::set<std::int64_t> versions_given;
  std::set<std::int64_t> in_vault;
  bool off = true;

  /// What an observer of this history finds wrong with the step just taken; or nothing.
  std::string enter(const Event& event, const Step& step) {
    if (step.refused) return {};
    if (std::holds_alternative<connect::ConnectPressed>(event) ||
        std::holds_alternative<connect::LegacyLoaded>(event))
      off = false;
    if (std::holds_alternative<connect::DisconnectPressed>(event)) off = true;
    if (const auto* received = std::get_if<connect::GrantReceived>(&event))
      in_vault.insert(received->version);
    if (const auto* told = std::get_if<connect::Disconnected>(&event)) {
      in_vault.erase(told->version);
      to_end_.erase(told->version);
    }
    if (const auto* last = std::get_if<connect::RevocationGivenUp>(&event))
      to_end_.erase(last->version);
    links_ = std::holds_alternative<connect::CompanyProved>(event) ||
             std::holds_alternative<connect::CompanyConfirmed>(event) ||
             std::holds_alternative<connect::GrantImported>(event);
    for (const auto& effect : step.effects) {
      auto fault = std::visit([&](const auto& each) { return enter(each); }, effect);
      if (!fault.empty()) return fault;
    }
    return check_vault(step.next);
  }

 private:
  std::string enter(const ExchangeCode& each) {
    if (++exchanges[each.attempt] > 1) return "a code was exchanged twice";
    if (!versions_given.insert(each.version).second) return "a version was given out twice";
    return off ? "a code was exchanged after Disconnect" : "";
  }
  std::string enter(const ProveCompany&) { return off ? "a read after Disconnect" : ""; }
  std::string enter(const RunImport&) { return off ? "an import after Disconnect" : ""; }
  std::string enter(const Forget& each) {
    in_vault.erase(each.version);
    return to_end_.erase(each.version) > 0 && !links_
               ? "a token that is to be revoked was forgotten before the provider's yes"
               : "";
  }
  std::string enter(const Revoke& each) {
    return to_end_.insert(each.version).second ? "" : "a grant is revoked twice";
  }
  std::string enter(const RetireLegacy&) { return enter(Revoke{0}); }
  template <class E>
  std::string enter(const E&) {
    return {};
  }

  /// Every grant in the vault is one that the state speaks of, and the other way round.
  std::string check_vault(const State& state) {
    const auto kept = kept_grants(state.connect);
    for (const auto each : kept)
      if (in_vault.count(each) == 0) return "the state speaks of a grant that is not in the vault";
    for (const auto each : in_vault)
      if (std::find(kept.begin(), kept.end(), each) == kept.end())
        return "a grant stays in the vault that nobody speaks of";
    for (const auto each : to_end_)
      if (!wanted(state, each == 0 ? Effect{RetireLegacy{}} : Effect{Revoke{each}}))
        return "a token that is to be revoked is kept for nothing";
    return {};
  }

  std::set<std::int64_t> to_end_;  ///< told to the provider, which has not said yes
  bool links_ = false;             ///< the event can make a new grant the live one
};

std::string walk(std::uint64_t seed, int length, Counted& counted) {
  HistoryMaker maker(seed);
  Ledger ledger;
  State state;
  ++counted.histories;
  for (int i = 0; i < length; ++i) {
    const auto happening = maker.next(state);
    const Step taken = step(state, happening.event, happening.at);
    ++counted.events;
    if (taken.refused) ++counted.refused;
    const explore::Taken shown{state, happening.event, happening.at, taken};
    for (const auto& rule : rules()) {
      if (taken.refused && !rule.of_refused) continue;
      const auto fault = rule.broken(shown);
      if (!fault.empty())
        return std::string(rule.name) + ": " + fault + "\n" + line(state) + "\n" +
               line(happening.event);
    }
    const auto fault = ledger.enter(happening.event, taken);
    if (!fault.empty()) return fault + "\n" + line(state) + "\n" + line(happening.event);
    state = taken.next;
  }
  return {};
}

}  // namespace

TEST_CASE("properties: no random history breaks a rule") {
  Counted counted;
  CHECK(rc::check("no random history breaks a rule", [&] {
    const auto seed = *rc::gen::arbitrary<std::uint64_t>();
    const auto length = *rc::gen::inRange(1, 10'000);
    const auto fault = walk(seed, length, counted);
    if (!fault.empty()) RC_FAIL(fault);
  }));
  CHECK(counted.events > 100'000);
  CHECK(counted.refused * 4 < counted.events * 3);
}

}  // namespace rekey::test::random_histories_test
