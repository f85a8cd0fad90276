#include "tests/support/approve.hpp"
#include "tests/support/walk.hpp"

// Long ways through the whole connection, as people go them. Each is kept as a history in
// tests/parity/corpus, which the native and the WebAssembly build must step through alike.

namespace rekey::test::scenario_test {

namespace {

using namespace std::chrono_literals;

template <class E>
bool has(const Effects& effects) {
  for (const auto& each : effects)
    if (std::holds_alternative<E>(each)) return true;
  return false;
}

/// A configured connection: linked, imported, applied and saved.
Walk configured() {
  Walk walk;
  walk.link(alder);
  walk.import_all();
  walk.go(imports::ApplyPressed{walk.state.import.run});
  walk.go(save::SavePressed{0});
  walk.go(save::ConfigurationStored{1});
  walk.is<save::Saved>();
  return walk;
}

void keep(const std::string& name, const Walk& walk) {
  check_approved("tests/parity/corpus/" + name + ".jsonl", walk.history);
}

}  // namespace

TEST_CASE("scenario: a company that another tenant has is told of, stopped, and gone on with") {
  Walk walk;
  const auto tell = [&] {
    walk.go(connect::CallbackArrived{walk.press_connect(), walk.now + connect::telling_time});
  };
  tell();
  walk.wait(2s);
  CHECK(walk.go(connect::CancelPressed{}) == Effects{Forget{1}});
  tell();
  CHECK(walk.wait_until_due() == Effects{ExchangeCode{"attempt-2", 2}});
  walk.go(connect::GrantReceived{2, walk.lifetimes()});
  walk.go(connect::CompanyProved{2, alder});
  CHECK(walk.is<connect::Linked>().version == 2);
  keep("company-told-of", walk);
}

TEST_CASE("scenario: the whole journey, from the tile to the success message") {
  Walk walk;
  walk.go(connect::LegacyLoaded{alder, walk.now - 24h * 400, walk.now + 24h * 90});
  walk.wait(3min);
  CHECK(walk.go(connect::DisconnectPressed{}) == Effects{RetireLegacy{}});
  walk.wait(2s);
  CHECK(walk.go(connect::Disconnected{0}) == Effects{Notify{Note::disconnected, ""}});
  walk.wait(1min);
  const auto version = walk.sign_in();
  walk.wait(2s);
  walk.go(connect::CompanyProved{version, alder});
  CHECK(walk.refused(save::Edited{0}) == Refusal::import_running);
  const auto run = walk.state.import.run;
  for (std::int64_t done = 200; done <= 1200; done += 200) {
    if (done == 200)
      for (std::size_t i = 0; i < 10; ++i)
        walk.go(imports::PageImported{run, imports::current_plan().at(i), 7, 7, true});
    walk.wait(1500ms);
    walk.go(imports::PageImported{run, imports::Entity::customer, done, 1200, done == 1200});
  }
  CHECK(walk.go(imports::PageImported{run, imports::Entity::vendor, 300, 300, true}) ==
        Effects{Notify{Note::import_finished, ""}});
  CHECK(walk.go(imports::ApplyPressed{run}).empty());
  CHECK(walk.refused(imports::ApplyPressed{run}) == Refusal::already_applied);
  walk.wait(4min);
  CHECK(walk.go(save::Edited{0}).empty());
  CHECK(walk.go(save::SavePressed{1}) == Effects{StoreConfiguration{2}});
  walk.wait(40ms);
  CHECK(walk.go(save::ConfigurationStored{2}) == Effects{Notify{Note::configuration_saved, ""}});
  walk.is<save::Saved>();
  walk.is<connect::Linked>();
  keep("whole-journey", walk);
}

TEST_CASE("scenario: upgrade in place never leaves the host without a working credential") {
  Walk walk;
  walk.go(connect::LegacyLoaded{alder, walk.now, {}});
  const auto works = [&] {
    return connect::live_legacy(walk.state.connect) || connect::live_grant(walk.state.connect);
  };
  const auto attempt = walk.press_connect();
  CHECK(works());
  walk.go(connect::CallbackArrived{attempt});
  CHECK(works());
  CHECK(!has<RetireLegacy>(walk.go(connect::GrantReceived{1, walk.lifetimes()})));
  CHECK(works());
  CHECK(has<RetireLegacy>(walk.go(connect::CompanyProved{1, alder})));
  CHECK(works());
  keep("upgrade-in-place", walk);
}

TEST_CASE("scenario: a renewal keeps the old grant until the new one is proved, and the choices") {
  Walk walk = configured();
  walk.wait(24h * 365 * 4);
  const auto version = walk.sign_in();
  CHECK(connect::live_grant(walk.state.connect)->version == 1);
  const auto effects = walk.go(connect::CompanyProved{version, alder});
  CHECK(effects.front() == Effect{Forget{1}});
  CHECK(effects[1] == Effect{Notify{Note::renewed, alder.name}});
  CHECK(connect::live_grant(walk.state.connect)->version == version);
  walk.is<save::Saved>();
  walk.import_all();
  keep("renewal", walk);
}

TEST_CASE("scenario: another company is declined, and everything is as it was") {
  Walk walk = configured();
  const auto before = walk.state;
  const auto version = walk.sign_in();
  walk.go(connect::CompanyProved{version, birch});
  walk.wait(5min);
  walk.go(connect::CompanyDeclined{version});
  CHECK(walk.state.connect.phase == before.connect.phase);
  CHECK(walk.state.import == before.import);
  CHECK(walk.state.save == before.save);
  keep("company-declined", walk);
}

TEST_CASE(
    "scenario: another company is confirmed, and the choices for the old one are kept aside") {
  Walk walk = configured();
  const auto version = walk.sign_in();
  walk.go(connect::CompanyProved{version, birch});
  const auto effects = walk.go(connect::CompanyConfirmed{version});
  CHECK(effects.front() == Effect{TakeSnapshot{1}});
  CHECK(effects[1] == Effect{Revoke{1}});
  walk.is<save::Empty>();
  CHECK(walk.state.save.revision == 1);
  CHECK(walk.refused(save::ConfigurationStored{1}) == Refusal::stale_answer);
  walk.import_all();
  CHECK(walk.refused(save::SavePressed{0}) == Refusal::changed_elsewhere);
  CHECK(walk.go(save::SavePressed{1}) == Effects{StoreConfiguration{2}});
  keep("company-confirmed", walk);
}

TEST_CASE("scenario: after disconnecting, another company needs the customer's word all the same") {
  Walk walk = configured();
  CHECK(walk.go(connect::DisconnectPressed{}).front() == Effect{TakeSnapshot{1}});
  walk.go(connect::Disconnected{1});
  const auto version = walk.sign_in();
  walk.go(connect::CompanyProved{version, birch});
  walk.is<connect::Confirming>();
  walk.go(connect::CompanyDeclined{version});
  CHECK(walk.is<connect::Unlinked>().last == alder);
  walk.is<save::Saved>();
  keep("other-company-after-disconnect", walk);
}

TEST_CASE("scenario: two tabs sign in, and the one that began last is the one that counts") {
  Walk walk;
  const auto first = walk.press_connect();
  walk.wait(20s);
  const auto second = walk.press_connect();
  CHECK(walk.refused(connect::CallbackArrived{first}) == Refusal::attempt_superseded);
  walk.go(connect::CallbackArrived{second});
  CHECK(walk.refused(connect::CallbackArrived{first}) == Refusal::attempt_superseded);
  walk.go(connect::GrantReceived{1, walk.lifetimes()});
  walk.go(connect::CompanyProved{1, alder});
  CHECK(walk.refused(connect::CallbackArrived{second}) == Refusal::attempt_spent);
  CHECK(walk.refused(connect::CallbackArrived{first}) == Refusal::no_sign_in);
  keep("two-tabs-sign-in", walk);
}

TEST_CASE("scenario: two tabs save, and the one that saw less is refused and loses nothing") {
  Walk walk = configured();
  walk.go(save::Edited{1});
  CHECK(walk.refused(save::Edited{1}) == Refusal::changed_elsewhere);
  CHECK(walk.refused(save::SavePressed{1}) == Refusal::changed_elsewhere);
  walk.go(save::SavePressed{2});
  CHECK(walk.refused(save::SavePressed{3}) == Refusal::save_under_way);
  CHECK(walk.refused(save::Edited{3}) == Refusal::save_under_way);
  walk.go(save::ConfigurationStored{3});
  CHECK(walk.refused(save::ConfigurationStored{3}) == Refusal::stale_answer);
  keep("two-tabs-save", walk);
}

TEST_CASE("scenario: answers that come after their time change nothing and leave nothing behind") {
  Walk walk;
  const auto attempt = walk.press_connect();
  walk.go(connect::CallbackArrived{attempt});
  walk.wait_until_due();
  CHECK(walk.refused(connect::ExchangeFailed{1, connect::Failed::unreachable}) ==
        Refusal::stale_answer);
  CHECK(walk.go(connect::GrantReceived{1, walk.lifetimes()}) == Effects{Revoke{1}});
  CHECK(walk.refused(connect::CompanyProved{1, alder}) == Refusal::stale_answer);
  const auto version = walk.sign_in();
  walk.now = connect::due_of_phase(walk.state.connect).value();
  walk.go(TimeReached{});
  CHECK(walk.refused(connect::CompanyProved{version, alder}) == Refusal::stale_answer);
  CHECK(walk.refused(connect::ProofFailed{version, connect::Failed::unreachable}) ==
        Refusal::stale_answer);
  walk.link(alder);
  const auto run = walk.state.import.run;
  walk.wait_until_due();
  CHECK(walk.is<imports::Failed>().reason == imports::Stopped::timed_out);
  CHECK(walk.refused(imports::PageImported{run, imports::Entity::company_info, 1, 1, true}) ==
        Refusal::stale_answer);
  CHECK(walk.refused(imports::ImportFailed{run, imports::Stopped::unreachable}) ==
        Refusal::stale_answer);
  keep("late-answers", walk);
}

TEST_CASE("scenario: the legacy connection runs out while the customer is at the provider") {
  Walk walk;
  walk.go(connect::LegacyLoaded{alder, walk.now, walk.now + 5min});
  walk.press_connect();
  walk.wait(6min);
  CHECK(walk.refused(TimeReached{}) == Refusal::nothing_due);
  walk.wait_until_due();
  walk.is<connect::Legacy>();
  CHECK(*due(walk.state) < walk.now);
  CHECK(walk.go(TimeReached{}) == Effects{Forget{0}, Notify{Note::grant_ended, "legacy_expired"}});
  walk.link(alder);
  keep("legacy-runs-out", walk);
}

TEST_CASE(
    "scenario: a grant that QuickBooks ended is given anew, and the choices are still there") {
  Walk walk = configured();
  walk.go(connect::GrantEnded{1, connect::Ended::revoked_outside});
  CHECK(walk.refused(save::Edited{1}) == Refusal::not_connected);
  CHECK(walk.refused(imports::ImportPressed{}) == Refusal::not_connected);
  const auto version = walk.link(alder);
  CHECK(version == 2);
  walk.import_all();
  walk.is<save::Saved>();
  walk.go(save::Edited{1});
  keep("broken-and-reconnected", walk);
}

TEST_CASE("scenario: turning off what is broken keeps a copy of what was configured, too") {
  Walk walk = configured();
  walk.go(connect::GrantEnded{1, connect::Ended::refused});
  CHECK(walk.go(connect::DisconnectPressed{}) ==
        Effects{TakeSnapshot{1}, Notify{Note::disconnected, ""}});
  CHECK(walk.is<connect::Unlinked>().last == alder);
  keep("broken-and-turned-off", walk);
}

TEST_CASE("scenario: disconnecting during an import stops it, and what is queued is not wanted") {
  Walk walk;
  const auto version = walk.link(alder);
  const auto run = walk.state.import.run;
  CHECK(wanted(walk.state, RunImport{run, version}));
  walk.go(connect::DisconnectPressed{});
  CHECK(walk.is<imports::Failed>().reason == imports::Stopped::disconnected);
  CHECK(!wanted(walk.state, RunImport{run, version}));
  CHECK(!wanted(walk.state, ProveCompany{version}));
  CHECK(wanted(walk.state, Revoke{version}));
  CHECK(walk.refused(imports::PageImported{run, imports::Entity::company_info, 1, 1, true}) ==
        Refusal::stale_answer);
  CHECK(walk.refused(imports::ResumePressed{}) == Refusal::not_connected);
  walk.go(connect::Disconnected{version});
  CHECK(!due(walk.state).has_value());
  keep("disconnected-while-importing", walk);
}

TEST_CASE("scenario: an import that stopped goes on from where it was, under a new number") {
  Walk walk;
  walk.link(alder);
  walk.go(imports::PageImported{1, imports::Entity::company_info, 1, 1, true});
  walk.go(imports::PageImported{1, imports::Entity::preferences, 1, 1, true});
  walk.go(imports::PageImported{1, imports::Entity::account, 40, 90, false});
  walk.go(imports::ImportFailed{1, imports::Stopped::unreachable});
  CHECK(walk.refused(save::SavePressed{0}) == Refusal::import_first);
  CHECK(walk.go(imports::ResumePressed{}) ==
        Effects{RunImport{2, 1}, Notify{Note::import_started, ""}});
  CHECK(imports::next_entity(walk.is<imports::Running>().progress)->done == 40);
  CHECK(walk.refused(imports::PageImported{1, imports::Entity::account, 90, 90, true}) ==
        Refusal::stale_answer);
  walk.go(imports::PageImported{2, imports::Entity::account, 90, 90, true});
  keep("import-resumed", walk);
}

TEST_CASE("scenario: lists that the company does not have are left out, and the customer goes on") {
  Walk walk;
  walk.link(alder);
  for (const auto each : imports::current_plan()) {
    walk.wait(800ms);
    if (each == imports::Entity::department || each == imports::Entity::vendor)
      walk.go(imports::ListRefused{1, each, imports::reason_to_leave_out(each)});
    else
      walk.go(imports::PageImported{1, each, 3, 3, true});
  }
  CHECK(imports::lists_left_out(walk.state.import).size() == 2);
  walk.go(imports::ApplyPressed{1});
  walk.go(save::SavePressed{0});
  walk.go(save::ConfigurationStored{1});
  walk.is<save::Saved>();
  keep("lists-left-out", walk);
}

TEST_CASE("scenario: saving fails, the choices are a draft again, and saving once more does it") {
  Walk walk = configured();
  walk.go(save::SavePressed{1});
  CHECK(walk.go(save::StoreFailed{2}) == Effects{Notify{Note::save_failed, ""}});
  walk.is<save::Draft>();
  walk.go(save::SavePressed{2});
  CHECK(walk.wait_until_due() == Effects{Notify{Note::save_failed, ""}});
  CHECK(walk.refused(save::StoreFailed{3}) == Refusal::stale_answer);
  walk.go(save::SavePressed{3});
  walk.go(save::ConfigurationStored{4});
  walk.is<save::Saved>();
  keep("saving-fails-twice", walk);
}

TEST_CASE("scenario: five years after the consent, as earlier versions stored it: time ended it") {
  Walk walk = configured();
  auto lifetimes = walk.lifetimes();
  lifetimes.refresh_expires = *lifetimes.hard_expires + 24h;
  walk.go(connect::GrantRefreshed{1, lifetimes});
  walk.now = *lifetimes.hard_expires;
  walk.go(save::SavePressed{1});
  CHECK(walk.go(TimeReached{false}) == Effects{Forget{1}, Notify{Note::grant_ended, "expired"}});
  CHECK(walk.is<connect::Broken>().reason == connect::Ended::expired);
  walk.go(save::ConfigurationStored{2});
  keep("five-years", walk);
}

TEST_CASE("scenario: five years after the consent, in the middle of a save: the provider ends it") {
  Walk walk = configured();
  walk.now = *walk.is<connect::Linked>().hard_expires;
  CHECK(walk.refused(TimeReached{}) == Refusal::nothing_due);
  walk.go(save::SavePressed{1});
  walk.go(connect::GrantEnded{1, connect::Ended::expired, walk.now + 72h});
  CHECK(walk.is<connect::Broken>().kept->version == 1);
  walk.go(save::ConfigurationStored{2});
  keep("five-years-by-the-provider", walk);
}

TEST_CASE("scenario: the clock was not heard for days, and one call settles all that ran out") {
  Walk walk = configured();
  walk.go(imports::ImportPressed{});
  walk.wait(24h * 200);
  Walk now = walk;
  // An earlier version ended the grant with it.
  const auto effects = walk.go(TimeReached{false});
  CHECK(effects == Effects{Notify{Note::import_stopped, "timed_out"}, Forget{1},
                           Notify{Note::grant_ended, "expired"}});
  CHECK(walk.refused(TimeReached{false}) == Refusal::nothing_due);
  keep("clock-unheard", walk);
  CHECK(now.go(TimeReached{}) == Effects{Notify{Note::import_stopped, "timed_out"}});
  now.is<connect::Linked>();
  CHECK(now.refused(TimeReached{}) == Refusal::nothing_due);
}

TEST_CASE(
    "scenario: the provider says yes hours after Disconnect, and another company is connected") {
  Walk walk = configured();
  walk.go(connect::DisconnectPressed{});
  walk.wait_until_due();
  walk.wait(20min);
  const auto version = walk.sign_in();
  walk.go(connect::CompanyProved{version, birch});
  CHECK(held_back(walk.state, Revoke{1}));
  walk.go(connect::CompanyConfirmed{version});
  CHECK(!held_back(walk.state, Revoke{1}));
  walk.wait(3h);
  CHECK(walk.go(connect::Disconnected{1}) ==
        Effects{Notify{Note::revocation_confirmed, alder.name}});
  CHECK(walk.is<connect::Linked>().company == birch);
  keep("revocation-confirmed-late", walk);
}

TEST_CASE("scenario: the provider never says yes, and connecting again makes that old news") {
  Walk walk = configured();
  walk.go(connect::DisconnectPressed{});
  walk.wait_until_due();
  walk.wait(24h);
  CHECK(walk.go(connect::RevocationGivenUp{1}) ==
        Effects{Forget{1}, Notify{Note::revocation_given_up, alder.name}});
  walk.refused(connect::Disconnected{2});
  walk.link(alder);
  CHECK(walk.state.connect.revocations.empty());
  keep("revocation-given-up", walk);
}

TEST_CASE(
    "scenario: connecting the same company again spares the pending end, not a declined one") {
  Walk walk = configured();
  const auto declined = walk.sign_in();
  walk.go(connect::CompanyProved{declined, birch});
  walk.go(connect::CompanyDeclined{declined});
  walk.go(connect::DisconnectPressed{});
  walk.wait_until_due();
  const auto version = walk.sign_in();
  const auto effects = walk.go(connect::CompanyProved{version, alder});
  CHECK(effects.front() == Effect{Forget{1}});
  CHECK(wanted(walk.state, Revoke{declined}));
  walk.go(connect::RevocationGivenUp{declined});
  keep("revocation-and-reconnect", walk);
}

TEST_CASE("scenario: our credentials are refused for a while, and everything goes on afterwards") {
  Walk walk = configured();
  walk.go(connect::GrantInTrouble{1, connect::Hindrance::misconfigured, walk.now});
  walk.refused(connect::GrantInTrouble{1, connect::Hindrance::misconfigured, walk.now});
  walk.go(save::SavePressed{1});
  walk.wait(2h);
  CHECK(walk.go(connect::GrantRefreshed{1, walk.lifetimes()}) ==
        Effects{Notify{Note::grant_recovered, "misconfigured"}});
  walk.go(connect::GrantInTrouble{1, connect::Hindrance::unreadable, walk.now});
  walk.go(connect::GrantRefreshed{1, walk.lifetimes()});
  keep("trouble-and-recovery", walk);
}

}  // namespace rekey::test::scenario_test
