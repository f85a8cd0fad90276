#include "tests/support/walk.hpp"

// The import and the save machine, step by outcome.

namespace rekey::test {

namespace {

using namespace std::chrono_literals;
using namespace imports;

Walk linked() {
  Walk walk;
  walk.link(alder);
  return walk;
}
Walk ready() {
  Walk walk = linked();
  walk.import_all();
  return walk;
}
PageImported page(Entity entity, std::int64_t done, bool finished, std::int64_t run = 1) {
  return {run, entity, done, {}, finished};
}

}  // namespace

TEST_CASE("import: entities come in the order of the plan, small and decisive ones first") {
  const auto all = plan();
  REQUIRE(all.size() == entity_count);
  CHECK(next_entity(all)->entity == Entity::company_info);
  CHECK(all.back().entity == Entity::vendor);
  for (const auto& each : all) CHECK((!each.finished && each.done == 0 && !each.total));
}

TEST_CASE("import: pages count upwards, and one that does not is not taken") {
  Walk walk = linked();
  CHECK(walk.refused(page(Entity::preferences, 1, true)) == Refusal::out_of_order);
  CHECK(walk.refused(page(Entity::company_info, 0, false)) == Refusal::out_of_order);
  CHECK(walk.go(page(Entity::company_info, 1, false)).empty());
  CHECK(walk.refused(page(Entity::company_info, 1, false)) == Refusal::out_of_order);
  CHECK(walk.refused(page(Entity::company_info, 0, true)) == Refusal::out_of_order);
  walk.go(page(Entity::company_info, 1, true));
  CHECK(walk.refused(page(Entity::company_info, 1, true)) == Refusal::out_of_order);
  CHECK(walk.refused(page(Entity::preferences, -1, true)) == Refusal::out_of_order);
  walk.go(page(Entity::preferences, 0, true));
}

TEST_CASE("import: a page of another run is not taken, whatever is in it") {
  Walk walk = linked();
  CHECK(walk.refused(page(Entity::company_info, 1, true, 0)) == Refusal::stale_answer);
  CHECK(walk.refused(page(Entity::company_info, 1, true, 2)) == Refusal::stale_answer);
}

TEST_CASE("import: every page is a sign of life, and silence ends it") {
  Walk walk = linked();
  walk.wait(silence - 1ms);
  CHECK(walk.refused(TimeReached{}) == Refusal::nothing_due);
  walk.go(page(Entity::company_info, 1, true));
  CHECK(walk.is<Running>().deadline == walk.now + silence);
  CHECK(walk.wait_until_due() == Effects{Notify{Note::import_stopped, "timed_out"}});
  CHECK(walk.is<Failed>().progress.front().finished);
}

TEST_CASE("import: whatever it stops of, it can go on") {
  for (std::size_t i = 0; i < names_of(Stopped{}).size(); ++i) {
    const auto reason = static_cast<Stopped>(i);
    Walk walk = linked();
    CHECK(walk.refused(ImportFailed{2, reason}) == Refusal::stale_answer);
    CHECK(walk.go(ImportFailed{1, reason}) ==
          Effects{Notify{Note::import_stopped, std::string(wire::name_of(reason))}});
    CHECK(walk.refused(ImportFailed{1, reason}) == Refusal::stale_answer);
    CHECK(walk.refused(ApplyPressed{1}) == Refusal::nothing_to_apply);
    walk.go(ResumePressed{});
    walk.is<Running>();
  }
}

TEST_CASE("import: buttons while it runs, when it is finished and when there was none") {
  Walk none;
  CHECK(none.refused(ImportPressed{}) == Refusal::not_connected);
  CHECK(none.refused(ResumePressed{}) == Refusal::not_connected);
  CHECK(none.refused(ApplyPressed{0}) == Refusal::nothing_to_apply);
  CHECK(none.refused(page(Entity::company_info, 1, true, 0)) == Refusal::stale_answer);
  Walk running = linked();
  CHECK(running.refused(ImportPressed{}) == Refusal::import_running);
  CHECK(running.refused(ResumePressed{}) == Refusal::import_running);
  CHECK(running.refused(ApplyPressed{1}) == Refusal::nothing_to_apply);
  Walk done = ready();
  CHECK(done.refused(ResumePressed{}) == Refusal::nothing_to_resume);
  CHECK(done.refused(ApplyPressed{2}) == Refusal::nothing_to_apply);
  CHECK(done.go(ApplyPressed{1}).empty());
  CHECK(done.is<Done>().applied);
  CHECK(done.go(ImportPressed{}) == Effects{RunImport{2, 1}, Notify{Note::import_started, ""}});
}

TEST_CASE("import: a new grant reads everything anew, whatever ran before") {
  Walk walk = linked();
  walk.go(page(Entity::company_info, 1, true));
  const auto version = walk.sign_in();
  CHECK(walk.state.import.run == 1);
  walk.go(connect::CompanyProved{version, alder});
  CHECK(walk.state.import.run == 2);
  CHECK(walk.is<Running>().progress == plan());
  CHECK(!wanted(walk.state, RunImport{1, 1}));
  CHECK(wanted(walk.state, RunImport{2, version}));
}

TEST_CASE("save: nothing can be chosen before the company's settings are there") {
  Walk none;
  CHECK(none.refused(save::Edited{0}) == Refusal::not_connected);
  CHECK(none.refused(save::SavePressed{0}) == Refusal::not_connected);
  Walk running = linked();
  CHECK(running.refused(save::Edited{0}) == Refusal::import_running);
  CHECK(running.refused(save::SavePressed{0}) == Refusal::import_running);
  running.go(ImportFailed{1, Stopped::refused});
  CHECK(running.refused(save::Edited{0}) == Refusal::import_first);
  CHECK(running.refused(save::SavePressed{0}) == Refusal::import_first);
}

TEST_CASE("save: every change is a revision, and only the newest one seen may be changed") {
  Walk walk = ready();
  CHECK(walk.refused(save::Edited{1}) == Refusal::changed_elsewhere);
  CHECK(walk.refused(save::Edited{-1}) == Refusal::changed_elsewhere);
  for (std::int64_t revision = 0; revision < 5; ++revision) {
    CHECK(walk.go(save::Edited{revision}).empty());
    CHECK(walk.state.save == save::State{save::Draft{}, revision + 1});
  }
  CHECK(walk.refused(save::SavePressed{4}) == Refusal::changed_elsewhere);
  CHECK(walk.go(save::SavePressed{5}) == Effects{StoreConfiguration{6}});
}

TEST_CASE("save: stored, failed, silent, late and repeated answers") {
  Walk walk = ready();
  CHECK(walk.refused(save::ConfigurationStored{0}) == Refusal::stale_answer);
  CHECK(walk.refused(save::StoreFailed{0}) == Refusal::stale_answer);
  walk.go(save::SavePressed{0});
  CHECK(walk.is<save::Saving>().deadline == walk.now + save::store_time);
  CHECK(walk.refused(save::ConfigurationStored{0}) == Refusal::stale_answer);
  CHECK(walk.refused(save::StoreFailed{2}) == Refusal::stale_answer);
  CHECK(wanted(walk.state, StoreConfiguration{1}));
  Walk failed = walk, silent = walk;
  CHECK(walk.go(save::ConfigurationStored{1}) == Effects{Notify{Note::configuration_saved, ""}});
  CHECK(walk.is<save::Saved>().at == walk.now);
  CHECK(!wanted(walk.state, StoreConfiguration{1}));
  CHECK(walk.refused(save::StoreFailed{1}) == Refusal::stale_answer);
  CHECK(failed.go(save::StoreFailed{1}) == Effects{Notify{Note::save_failed, ""}});
  failed.is<save::Draft>();
  CHECK(silent.wait_until_due() == Effects{Notify{Note::save_failed, ""}});
  silent.is<save::Draft>();
  CHECK(!wanted(silent.state, StoreConfiguration{1}));
}

}  // namespace rekey::test
